import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron'
import { WIRE_CHANNEL, type Bridge } from '#contract/bridge'

const bridge: Bridge<File> = {
  wire: {
    post: (message) => ipcRenderer.send(WIRE_CHANNEL, message),
    listen: (listener) => {
      const hear = (_event: IpcRendererEvent, message: unknown): void => listener(message)
      ipcRenderer.on(WIRE_CHANNEL, hear)
      return () => {
        ipcRenderer.removeListener(WIRE_CHANNEL, hear)
      }
    }
  },
  pathOf: (file) => webUtils.getPathForFile(file)
}

contextBridge.exposeInMainWorld('steadygrad', bridge)
