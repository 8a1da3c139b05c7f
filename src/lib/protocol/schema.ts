/**
 * The schemas of the wire are the schemas of records: they live in core, which may not import this folder.
 */
export * from '#lib/core/schema.ts'
