//go:build amd64 || arm64

package capture

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// Judge tells the programs whether the events of a process are wanted. Those of a process that
// is not, and what it does as a wanted one with descriptors that it used before, need not come;
// an exec makes a process wanted until it is judged again, be it one of which Read has not told yet.
// Where there is no room to note another one that is not, its events keep coming.
func (c *Capture) Judge(pid int32, createTS int64, wanted bool) error {
	unwanted, key := c.programs.Maps[bpf.CaptureMapUnwanted], uint32(pid)
	var err error
	if wanted {
		err = unwanted.Delete(key)
	} else if program, ok := c.decoder.programs[pid]; ok {
		err = unwanted.Put(key, bpf.CaptureVerdict{Start: c.decoder.clock.boot(createTS), ExecId: program})
	}
	if err == nil || errors.Is(err, ebpf.ErrKeyNotExist) || errors.Is(err, unix.E2BIG) {
		return nil
	}
	return fmt.Errorf("noting whether process %d is wanted: %w", pid, err)
}

// setFilter sets the knobs of the filter.
func setFilter(opts *Options, spec *ebpf.CollectionSpec) error {
	if !opts.Filtered {
		spec.Maps[bpf.CaptureMapUnwanted].MaxEntries = 1
	}
	for name, on := range map[string]bool{bpf.CaptureVarFiltering: opts.Filtered, bpf.CaptureVarInherited: opts.Inherited} {
		if err := spec.Variables[name].Set(toByte(on)); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	return nil
}
