//go:build amd64

package capture

import (
	"fmt"

	"github.com/cilium/ebpf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// nameClasses are operations on names, in the order of their numbers.
const (
	firstNameClass = bpf.CaptureSyscallClassCLASS_MKDIR
	lastNameClass  = bpf.CaptureSyscallClassCLASS_RENAMEAT
)

// applyMode fits the options and the programs to the mode.
func applyMode(opts *Options, spec *ebpf.CollectionSpec) error {
	knobs := map[string]uint8{bpf.CaptureVarWantFiles: 1, bpf.CaptureVarOpensOnly: 0}
	var off func(bpf.CaptureSyscallClass) bool
	switch opts.Mode {
	case ModeNoFiles:
		knobs[bpf.CaptureVarWantFiles] = 0
		off = func(c bpf.CaptureSyscallClass) bool { return c >= firstNameClass && c <= lastNameClass }
	case ModeConsume:
		knobs[bpf.CaptureVarOpensOnly] = 1
		off = func(c bpf.CaptureSyscallClass) bool {
			switch c {
			case bpf.CaptureSyscallClassCLASS_READ, bpf.CaptureSyscallClassCLASS_WRITE, bpf.CaptureSyscallClassCLASS_MMAP,
				bpf.CaptureSyscallClassCLASS_SENDFILE, bpf.CaptureSyscallClassCLASS_SPLICE,
				bpf.CaptureSyscallClassCLASS_SETNS, bpf.CaptureSyscallClassCLASS_SHUTDOWN:
				return true
			}
			return false
		}
	}
	for name, value := range knobs {
		if err := spec.Variables[name].Set(value); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	if off == nil {
		return nil
	}
	return switchOff(spec, off)
}

// switchOff makes the programs pass over system calls of some classes, as over those that
// nobody asks for.
func switchOff(spec *ebpf.CollectionSpec, off func(bpf.CaptureSyscallClass) bool) error {
	v := spec.Variables[bpf.CaptureVarClassOf]
	classes := make([]uint8, v.Size())
	if err := v.Get(classes); err != nil {
		return fmt.Errorf("reading the table of system calls: %w", err)
	}
	for nr, class := range classes {
		if off(bpf.CaptureSyscallClass(class)) {
			classes[nr] = uint8(bpf.CaptureSyscallClassCLASS_NONE)
		}
	}
	if err := v.Set(classes); err != nil {
		return fmt.Errorf("setting the table of system calls: %w", err)
	}
	return nil
}
