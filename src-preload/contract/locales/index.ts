// One file for each area and language; a key begins with the area that says it, the first part of the file's name.
import enBorder from './en/border.json'
import enEngine from './en/engine.json'
import enExperiment from './en/experiment.json'
import enData from './en/data.json'
import enDataOpening from './en/data-opening.json'
import enFinding from './en/finding.json'
import enModel from './en/model.json'
import enTraining from './en/training.json'
import enRun from './en/run.json'
import enExport from './en/export.json'
import enTerminal from './en/terminal.json'
import enStart from './en/start.json'
import enShell from './en/shell.json'
import enWindow from './en/window.json'
import enGradients from './en/vocabulary-gradients.json'
import enInitializers from './en/vocabulary-initializers.json'
import enLayers from './en/vocabulary-layers.json'
import enLosses from './en/vocabulary-losses.json'
import enOptions from './en/vocabulary-options.json'
import enPreparation from './en/vocabulary-preparation.json'
import enSources from './en/vocabulary-sources.json'
import zhBorder from './zh-CN/border.json'
import zhEngine from './zh-CN/engine.json'
import zhExperiment from './zh-CN/experiment.json'
import zhData from './zh-CN/data.json'
import zhDataOpening from './zh-CN/data-opening.json'
import zhFinding from './zh-CN/finding.json'
import zhModel from './zh-CN/model.json'
import zhTraining from './zh-CN/training.json'
import zhRun from './zh-CN/run.json'
import zhExport from './zh-CN/export.json'
import zhTerminal from './zh-CN/terminal.json'
import zhStart from './zh-CN/start.json'
import zhShell from './zh-CN/shell.json'
import zhWindow from './zh-CN/window.json'
import zhGradients from './zh-CN/vocabulary-gradients.json'
import zhInitializers from './zh-CN/vocabulary-initializers.json'
import zhLayers from './zh-CN/vocabulary-layers.json'
import zhLosses from './zh-CN/vocabulary-losses.json'
import zhOptions from './zh-CN/vocabulary-options.json'
import zhPreparation from './zh-CN/vocabulary-preparation.json'
import zhSources from './zh-CN/vocabulary-sources.json'
import enEditor from './en/editor.json'
import zhEditor from './zh-CN/editor.json'
import enCharts from './en/charts.json'
import zhCharts from './zh-CN/charts.json'
import enTrial from './en/trial.json'
import zhTrial from './zh-CN/trial.json'
import enLibrary from './en/library.json'
import zhLibrary from './zh-CN/library.json'
import enHelp from './en/help.json'
import zhHelp from './zh-CN/help.json'
import enImport from './en/import.json'
import zhImport from './zh-CN/import.json'
import enPreset from './en/preset.json'
import zhPreset from './zh-CN/preset.json'
import enLearn from './en/learn.json'
import zhLearn from './zh-CN/learn.json'
import enStudy from './en/study.json'
import zhStudy from './zh-CN/study.json'

/** Every sentence in English; its keys are the keys there are. */
export const en = {
  ...enBorder,
  ...enEngine,
  ...enExperiment,
  ...enData,
  ...enDataOpening,
  ...enFinding,
  ...enModel,
  ...enTraining,
  ...enRun,
  ...enExport,
  ...enTerminal,
  ...enStart,
  ...enShell,
  ...enWindow,
  ...enGradients,
  ...enInitializers,
  ...enLayers,
  ...enLosses,
  ...enOptions,
  ...enPreparation,
  ...enSources,
  ...enEditor,
  ...enCharts,
  ...enTrial,
  ...enLibrary,
  ...enHelp,
  ...enImport,
  ...enPreset,
  ...enLearn,
  ...enStudy
}

/** The same sentences in simplified Chinese; a missing key does not compile. */
export const zhCN: Record<keyof typeof en, string> = {
  ...zhBorder,
  ...zhEngine,
  ...zhExperiment,
  ...zhData,
  ...zhDataOpening,
  ...zhFinding,
  ...zhModel,
  ...zhTraining,
  ...zhRun,
  ...zhExport,
  ...zhTerminal,
  ...zhStart,
  ...zhShell,
  ...zhWindow,
  ...zhGradients,
  ...zhInitializers,
  ...zhLayers,
  ...zhLosses,
  ...zhOptions,
  ...zhPreparation,
  ...zhSources,
  ...zhEditor,
  ...zhCharts,
  ...zhTrial,
  ...zhLibrary,
  ...zhHelp,
  ...zhImport,
  ...zhPreset,
  ...zhLearn,
  ...zhStudy
}
