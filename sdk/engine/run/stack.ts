/** What a root file system is made of layers by, whichever way works here. */
import type { ChangedRoot, Io, Layer, LayerStore } from '../ports.ts'
import type { MountLine } from './shell-text.ts'

/** The ways: by the kernel, by a program that the kernel asks, or by a copy for each command. */
export type StackingName = 'overlayfs' | 'fuse-overlayfs' | 'copy'

/** A way to make root file systems. */
export interface Stacking {
  readonly name: StackingName
  open(place: StackPlace): Stacks
}

/** Where root file systems are laid out. */
export interface StackPlace {
  /** A folder on the file system of the store, for what is written. */
  readonly folder: string
  /** A folder in the cell's memory, for the rest. */
  readonly memory: string
  readonly layers: Pick<LayerStore, 'copy' | 'fused'>
  readonly io: Io
  /** A path of the cell, as seen from here. */
  see(path: string): string
}

/** The root file systems of one RUN. */
export interface Stacks {
  /** Prepares one of layers, given from the bottom up. */
  lay(layers: readonly Layer[], options: StackOptions): Promise<Stack>
  /** The script that mounts all that were prepared, and then whatever `fstab` names. */
  mount(fstab: string): string
  /** Removes what nobody took, when the cell is gone. */
  remove(): void
}

/** What one is to be like. */
export interface StackOptions {
  readonly writable: boolean
  /** In a user namespace, where overlayfs keeps its marks in `user.*` attributes. */
  readonly userxattr: boolean
  /** Device files on it are dead. */
  readonly nodev: boolean
}

/** A root file system that is to be mounted. */
export interface Stack {
  /** Where it will be seen, in the cell. */
  readonly path: string
  readonly lines: readonly MountLine[]
  /** Where what is written to it ends up; undefined for a read-only one. */
  readonly written: Written | undefined
}

/** An upper directory of overlayfs, or another directory that knows what it stands on. */
export type Written = { readonly upper: string } | { readonly changed: ChangedRoot }

/** The directory of either. */
export const folderOf = (written: Written): string => ('upper' in written ? written.upper : written.changed.directory)
