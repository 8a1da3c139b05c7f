/**
 * A site, as far as its items can be asked about: one file beside this one for each kind of MediaRef.
 */
import type { DescribedRef } from '#lib/protocol/media.ts'
import type { SiteAnswer } from '../facts.ts'
import type { Upstreams } from '../upstreams.ts'

export type RefOf<Kind extends DescribedRef['kind']> = Extract<DescribedRef, { kind: Kind }>

export type Describe<Kind extends DescribedRef['kind']> = (
	media: RefOf<Kind>,
	upstreams: Upstreams,
) => Promise<SiteAnswer>
