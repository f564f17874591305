import type { MenuItemConstructorOptions } from 'electron'
import { say, type Language, type MessageKey } from '#contract/messages'

type Role = NonNullable<MenuItemConstructorOptions['role']>

const separator = 'separator'
const menus: [MessageKey, (readonly [Role, MessageKey] | typeof separator)[]][] = [
  [
    'shell.menu.file',
    [
      ['close', 'shell.menu.close'],
      ['quit', 'shell.menu.quit']
    ]
  ],
  [
    'shell.menu.edit',
    [
      ['undo', 'shell.menu.undo'],
      ['redo', 'shell.menu.redo'],
      separator,
      ['cut', 'shell.menu.cut'],
      ['copy', 'shell.menu.copy'],
      ['paste', 'shell.menu.paste'],
      ['selectAll', 'shell.menu.selectAll']
    ]
  ],
  [
    'shell.menu.view',
    [
      ['reload', 'shell.menu.reload'],
      separator,
      ['resetZoom', 'shell.menu.actualSize'],
      ['zoomIn', 'shell.menu.zoomIn'],
      ['zoomOut', 'shell.menu.zoomOut'],
      separator,
      ['togglefullscreen', 'shell.menu.fullScreen']
    ]
  ]
]

/** The menu bar in a language. Electron knows what each role does, but names it in English only. */
export const menuTemplate = (language: Language): MenuItemConstructorOptions[] =>
  menus.map(([label, items]) => ({
    label: say(language, label),
    submenu: items.map((item) =>
      item === separator ? { type: separator } : { role: item[0], label: say(language, item[1]) }
    )
  }))
