import type { FrameWords } from '../../components/ChartFrame.svelte'
import type { Speech } from '../../state/language.svelte'

/** Words that every chart needs. */
export const frameWords = (say: Speech['say']): FrameWords => ({
  table: say('window.table'),
  reader: say('window.reader'),
  hands: say('charts.hands'),
  legend: { label: say('window.legend'), find: say('charts.find'), toggle: say('charts.toggle') },
  save: {
    save: say('charts.save'),
    csv: say('charts.csv'),
    svg: say('charts.svg'),
    png: say('charts.png'),
    copied: say('charts.copied'),
    notCopied: say('charts.notCopied')
  }
})
