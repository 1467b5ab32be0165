/** Where the SDK is that an `image.ts` imports. */

/** The doors of the SDK; an `image.ts` gets those of the SDK that runs it, whatever its folder has installed. */
export const doors: Readonly<Record<string, URL>> = {
  imgsdk: new URL('../../sdk/index.js', import.meta.url),
  'imgsdk/dockerfile': new URL('../../sdk/dockerfile/index.js', import.meta.url),
  'imgsdk/engine': new URL('../../sdk/engine/index.js', import.meta.url),
  'imgsdk/oci': new URL('../../sdk/oci/index.js', import.meta.url),
  'imgsdk/testing': new URL('../../sdk/testing/index.js', import.meta.url),
}
