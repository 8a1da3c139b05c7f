/**
 * The scalars and ids that everything else is written in. Units live in names (`positionS`, `atMs`);
 * ids are branded so that one kind cannot be passed for another.
 */
declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** Seconds of media time. */
export type Seconds = number
/** Milliseconds, of room time unless a name says otherwise. */
export type Millis = number

/** What the server knows a room by: base64url of 16 bytes derived from the room's code (22 characters). */
export type RoomId = Branded<string, 'RoomId'>
/** A device, for ever: base64url(SHA-256(Ed25519 public key)[0..16]), 22 characters. The `author` of records. */
export type DeviceId = Branded<string, 'DeviceId'>
/** One open, leading tab: base64url of 16 random bytes (22 characters), new at each start. */
export type PeerId = Branded<string, 'PeerId'>
/** A person: `g_…` for a guest, the account id otherwise; `d_` + DeviceId while no identity is known. */
export type SubjectId = Branded<string, 'SubjectId'>
/** A queue item: `DeviceId.nonce`, unique for ever. */
export type ItemId = Branded<string, 'ItemId'>
/** A chat message: `DeviceId.seq` of the record that first said it. */
export type MessageId = Branded<string, 'MessageId'>

/** A file of subtitles: `DeviceId.nonce`, unique for ever. */
export type SubtitleId = Branded<string, 'SubtitleId'>

/** A hybrid logical clock reading: 48 bits of milliseconds, then a 16-bit counter. Compares as a number. */
export type Hlc = bigint

export const ID_BYTES = 16
/** 22 base64url characters: exactly 16 bytes. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{21}[AQgw]$/
