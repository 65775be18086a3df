// Package containers tests that the records of containers carry what their runtimes know, with
// real runtimes: dockerd and containerd, each with folders and sockets of its own.
package containers
