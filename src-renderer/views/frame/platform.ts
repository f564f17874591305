/** Says whether the keyboard writes Command where others write Ctrl. */
export const isApple = (): boolean => /Mac|iP(hone|ad)/.test(navigator.userAgent)
