//go:build amd64

package capture

import (
	"fmt"

	"github.com/cilium/ebpf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// chooseFileEvents makes the programs look at the operations on files and sockets that are
// wanted, and only these.
func chooseFileEvents(spec *ebpf.CollectionSpec, groups EventGroups) error {
	for name, wanted := range map[string]bool{
		bpf.CaptureVarWantFailedOpens: groups.FailedOpens,
		bpf.CaptureVarWantOpenEvents:  groups.OpenEvents,
		bpf.CaptureVarWantSockets:     groups.Sockets,
		bpf.CaptureVarWantUnixSockets: groups.UnixSockets,
	} {
		if err := spec.Variables[name].Set(toByte(wanted)); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	if !groups.FileAttributes {
		if err := ignoreClasses(spec, bpf.CaptureSyscallClassCLASS_CHMOD, bpf.CaptureSyscallClassCLASS_SETXATTRAT); err != nil {
			return err
		}
	}
	if !groups.Sockets {
		return ignoreClasses(spec, bpf.CaptureSyscallClassCLASS_DUP, bpf.CaptureSyscallClassCLASS_LISTEN)
	}
	return nil
}

// ignoreClasses makes the programs pass over the system calls of some classes, from the first to
// the last, as over any other that nobody asks for.
func ignoreClasses(spec *ebpf.CollectionSpec, first, last bpf.CaptureSyscallClass) error {
	table := spec.Variables[bpf.CaptureVarClassOf]
	classes := make([]byte, table.Size())
	if err := table.Get(classes); err != nil {
		return fmt.Errorf("reading %s: %w", bpf.CaptureVarClassOf, err)
	}
	for i, c := range classes {
		if c := bpf.CaptureSyscallClass(c); c >= first && c <= last {
			classes[i] = byte(bpf.CaptureSyscallClassCLASS_NONE)
		}
	}
	if err := table.Set(classes); err != nil {
		return fmt.Errorf("setting %s: %w", bpf.CaptureVarClassOf, err)
	}
	return nil
}
