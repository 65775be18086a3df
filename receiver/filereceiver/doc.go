//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package filereceiver replays stored SysFlow traces through a collector pipeline:
// once, or following directories for new files, as fast as the pipeline takes the
// records or at the speed at which they were recorded.
package filereceiver
