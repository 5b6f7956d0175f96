/** Version of this package, as signatures and files carry it; equal to package.json's. */
export const VERSION = '0.1.0'
