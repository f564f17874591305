/** Where small preferences are kept between visits. */
export type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>
