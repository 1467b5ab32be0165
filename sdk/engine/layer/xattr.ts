/** Which extended attributes a layer carries. */

/** What overlayfs and fuse-overlayfs mark files with. */
const marks = /^user\.(fuse)?overlay(fs)?\./

/**
 * Capabilities and what users set. Never overlayfs' own marks: in a layer from elsewhere they could redirect or hide files.
 * `security.selinux` and the like belong to the machine, not to the image.
 */
export function keepXattr(name: string): boolean {
  return name === 'security.capability' || (name.startsWith('user.') && !marks.test(name))
}
