//go:build amd64 || arm64

package capture

import (
	"fmt"

	"github.com/cilium/ebpf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// instead says how the classes of system calls are treated whose group is off: not at all or,
// where they change what is known of a process, so that it is taken over without a record.
func (g *EventGroups) instead() map[bpf.CaptureSyscallClass]bpf.CaptureSyscallClass {
	m := make(map[bpf.CaptureSyscallClass]bpf.CaptureSyscallClass)
	add := func(on bool, instead bpf.CaptureSyscallClass, classes ...bpf.CaptureSyscallClass) {
		for _, class := range classes {
			if !on {
				m[class] = instead
			}
		}
	}
	const nothing = bpf.CaptureSyscallClassCLASS_NONE
	add(g.Credentials, bpf.CaptureSyscallClassCLASS_CREDENTIALS,
		bpf.CaptureSyscallClassCLASS_SETGID, bpf.CaptureSyscallClassCLASS_SETREGID,
		bpf.CaptureSyscallClassCLASS_SETRESGID, bpf.CaptureSyscallClassCLASS_CAPSET)
	add(g.Namespaces, bpf.CaptureSyscallClassCLASS_NAMESPACES, bpf.CaptureSyscallClassCLASS_UNSHARE)
	add(g.Namespaces, nothing, bpf.CaptureSyscallClassCLASS_CHROOT)
	add(g.Prctl, bpf.CaptureSyscallClassCLASS_RENAME_TASK, bpf.CaptureSyscallClassCLASS_PRCTL)
	add(g.Ptrace, nothing, bpf.CaptureSyscallClassCLASS_PTRACE)
	add(g.Signals, nothing, bpf.CaptureSyscallClassCLASS_KILL, bpf.CaptureSyscallClassCLASS_TGKILL,
		bpf.CaptureSyscallClassCLASS_PIDFD_KILL)
	add(g.Modules, nothing, bpf.CaptureSyscallClassCLASS_INIT_MODULE, bpf.CaptureSyscallClassCLASS_FINIT_MODULE)
	add(g.BPF, nothing, bpf.CaptureSyscallClassCLASS_BPF)
	add(g.Userfaultfd, nothing, bpf.CaptureSyscallClassCLASS_USERFAULTFD)
	add(g.Mounts, nothing, bpf.CaptureSyscallClassCLASS_MOUNT, bpf.CaptureSyscallClassCLASS_MOVE_MOUNT,
		bpf.CaptureSyscallClassCLASS_UMOUNT, bpf.CaptureSyscallClassCLASS_PIVOT_ROOT)
	add(g.Memfd, nothing, bpf.CaptureSyscallClassCLASS_MEMFD_CREATE)
	add(g.Personality, nothing, bpf.CaptureSyscallClassCLASS_PERSONALITY)
	add(g.FileAttributes, nothing,
		bpf.CaptureSyscallClassCLASS_CHMOD, bpf.CaptureSyscallClassCLASS_FCHMOD, bpf.CaptureSyscallClassCLASS_FCHMODAT,
		bpf.CaptureSyscallClassCLASS_CHOWN, bpf.CaptureSyscallClassCLASS_FCHOWN, bpf.CaptureSyscallClassCLASS_FCHOWNAT,
		bpf.CaptureSyscallClassCLASS_TRUNCATE, bpf.CaptureSyscallClassCLASS_FTRUNCATE,
		bpf.CaptureSyscallClassCLASS_MKNOD, bpf.CaptureSyscallClassCLASS_MKNODAT,
		bpf.CaptureSyscallClassCLASS_SETXATTR, bpf.CaptureSyscallClassCLASS_FSETXATTR,
		bpf.CaptureSyscallClassCLASS_SETXATTRAT)
	add(g.Sockets, nothing, bpf.CaptureSyscallClassCLASS_SOCKET, bpf.CaptureSyscallClassCLASS_BIND,
		bpf.CaptureSyscallClassCLASS_LISTEN, bpf.CaptureSyscallClassCLASS_DUP, bpf.CaptureSyscallClassCLASS_FCNTL)
	return m
}

// switchOff changes the programs' table of system calls so that those of the groups that are off
// cost nothing, and leaves out of the others what belongs to these groups.
func (g *EventGroups) switchOff(spec *ebpf.CollectionSpec) error {
	for name, on := range map[string]bool{
		bpf.CaptureVarWantFailedOpens: g.FailedOpens,
		bpf.CaptureVarWantOpenEvents:  g.OpenEvents,
		bpf.CaptureVarWantSockets:     g.Sockets,
		bpf.CaptureVarWantUnixSockets: g.UnixSockets,
	} {
		if err := spec.Variables[name].Set(toByte(on)); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	instead := g.instead()
	return reclassify(spec, func(class bpf.CaptureSyscallClass) bpf.CaptureSyscallClass {
		if other, ok := instead[class]; ok {
			return other
		}
		return class
	})
}

// reclassify changes how the programs treat system calls, class by class; CLASS_NONE are those that
// nobody asks for.
func reclassify(spec *ebpf.CollectionSpec, change func(bpf.CaptureSyscallClass) bpf.CaptureSyscallClass) error {
	table := spec.Variables[bpf.CaptureVarClassOf]
	classes := make([]uint8, table.Size())
	if err := table.Get(classes); err != nil {
		return fmt.Errorf("reading the table of system calls: %w", err)
	}
	for nr, class := range classes {
		classes[nr] = uint8(change(bpf.CaptureSyscallClass(class)))
	}
	if err := table.Set(classes); err != nil {
		return fmt.Errorf("changing the table of system calls: %w", err)
	}
	return nil
}
