//go:build amd64 || arm64

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

// passesOver reports whether a mode does not look at the system calls of a class.
func (m Mode) passesOver(c bpf.CaptureSyscallClass) bool {
	switch m {
	case ModeNoFiles:
		return c >= firstNameClass && c <= lastNameClass
	case ModeConsume:
		switch c {
		case bpf.CaptureSyscallClassCLASS_READ, bpf.CaptureSyscallClassCLASS_WRITE, bpf.CaptureSyscallClassCLASS_MMAP,
			bpf.CaptureSyscallClassCLASS_SENDFILE, bpf.CaptureSyscallClassCLASS_SPLICE,
			bpf.CaptureSyscallClassCLASS_SETNS, bpf.CaptureSyscallClassCLASS_SHUTDOWN:
			return true
		}
	}
	return false
}

// applyMode fits the options and the programs to the mode.
func applyMode(opts *Options, spec *ebpf.CollectionSpec) error {
	switch opts.Mode {
	case ModeFlow, ModeConsume:
		opts.Events = EventGroups{}
	case ModeNoFiles:
		opts.Events.FileAttributes, opts.Events.FailedOpens = false, false
		opts.Events.OpenEvents, opts.Events.UnixSockets = false, false
	}
	for name, on := range map[string]bool{
		bpf.CaptureVarWantFiles: opts.Mode != ModeNoFiles,
		bpf.CaptureVarOpensOnly: opts.Mode == ModeConsume,
	} {
		if err := spec.Variables[name].Set(toByte(on)); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	if err := opts.Events.switchOff(spec); err != nil {
		return err
	}
	return reclassify(spec, func(c bpf.CaptureSyscallClass) bpf.CaptureSyscallClass {
		if opts.Mode.passesOver(c) {
			return bpf.CaptureSyscallClassCLASS_NONE
		}
		return c
	})
}
