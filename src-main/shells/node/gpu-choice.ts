import { settings, type Settings } from '#contract/settings'
import { settingsFolder } from './paths'
import { peekSetting } from './settings-store'

/** The graphics card that the settings want now; what is no setting counts as not set. */
export function gpuChoice(folder = settingsFolder()): Pick<Settings, 'gpu' | 'gpuMemory'> {
  const { gpu, gpuMemory } = settings.shape
  return {
    gpu: gpu.catch(0).parse(peekSetting(folder, 'gpu')),
    gpuMemory: gpuMemory.catch(0).parse(peekSetting(folder, 'gpuMemory'))
  }
}
