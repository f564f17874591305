import { Menu, nativeImage, Notification, Tray } from 'electron'
import type { WorkbenchEvent } from '#contract/events'
import { say, type Language } from '#contract/messages'
import { isActive } from '#contract/run'
import type { Workbench } from '../../application/workbench'
import { listNames, trainingRuns } from './closing'

/** The time of a process without a window. */
export interface Background {
  /** Says whether a run that goes on keeps this process. */
  readonly isKept: boolean
  /** Shows a mark in the tray and stays until the last run has ended, which `end` is told. */
  enter(language: Language): void
  /** There is a window again. */
  leave(): void
}

/** `show` opens the window again, `end` is called when nothing is left to wait for. */
export function openBackground(
  workbench: Workbench,
  icon: string,
  { show, end }: { show(): void; end(): void }
): Background {
  let language: Language = 'en'
  let tray: Tray | undefined

  function hear(event: WorkbenchEvent): void {
    if (!tray) return
    if (event.type === 'run.listed' && !isActive(event.listing.state)) tellEnd(event.listing.name, language)
    if (event.type === 'run.listed' || event.type === 'run.failed') look()
  }
  function look(): void {
    const runs = trainingRuns(workbench)
    if (runs.length === 0) return end()
    tray?.setToolTip(say(language, 'shell.background', { names: listNames(runs, language) }))
  }

  workbench.on(hear)
  return {
    get isKept() {
      return tray !== undefined
    },
    enter(spoken) {
      language = spoken
      tray = new Tray(nativeImage.createFromPath(icon))
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: say(language, 'shell.background.show'), click: show },
          { label: say(language, 'shell.menu.quit'), click: end }
        ])
      )
      tray.on('click', show)
      look()
    },
    leave() {
      tray?.destroy()
      tray = undefined
    }
  }
}

/** Nobody looks, so the end of a run is told by the system. */
function tellEnd(name: string, language: Language): void {
  if (!Notification.isSupported()) return
  new Notification({ title: name, body: say(language, 'shell.background.ended') }).show()
}
