package capture

// EventGroups says which events are wanted besides the life of processes, their changes of user,
// and what they do with files and connections. A group that is off costs nothing: its system
// calls are not looked at.
type EventGroups struct {
	// Credentials are changes of group ids (setgid, setregid, setresgid) and capabilities (capset).
	Credentials bool
	// Namespaces are unshare and chroot. Setns is always seen, as a flow of the namespace's file.
	Namespaces bool
	// Ptrace is ptrace.
	Ptrace bool
	// Signals are those sent by kill and its kin that end or stop a process.
	Signals bool
	// Modules are loads of kernel modules: init_module, finit_module.
	Modules bool
	// BPF is bpf, for commands that load, attach or create.
	BPF bool
	// Userfaultfd is userfaultfd.
	Userfaultfd bool
	// Mounts are mount, umount2, move_mount and pivot_root.
	Mounts bool
	// Memfd is memfd_create.
	Memfd bool
	// Personality is personality, when it changes something.
	Personality bool
	// Prctl are new names of tasks: prctl with PR_SET_NAME.
	Prctl bool

	// FileAttributes are chmod, chown, truncate, mknod, setxattr and their kin.
	FileAttributes bool
	// FailedOpens are opens of files that failed.
	FailedOpens bool
	// Sockets are socket, bind and listen, failed connects, and sockets that become one of the
	// standard descriptors.
	Sockets bool
	// UnixSockets are flows of sockets of the local host, by their path.
	UnixSockets bool
}

// DefaultEventGroups returns what Falco's stock rules ask for.
func DefaultEventGroups() EventGroups {
	return EventGroups{
		Credentials:    true,
		Namespaces:     true,
		Ptrace:         true,
		Signals:        true,
		Modules:        true,
		BPF:            true,
		Userfaultfd:    true,
		Mounts:         true,
		Memfd:          true,
		Prctl:          true,
		FileAttributes: true,
		FailedOpens:    true,
		Sockets:        true,
	}
}
