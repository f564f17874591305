// The page's content security policy forbids `new Function`. zod tries it once for each schema it makes and the
// browser reports the try as a violation, so this module is imported before anything that makes a schema.
import { config } from 'zod'

config({ jitless: true })
