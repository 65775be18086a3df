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
	// FailedOpens are all opens that failed. Many are mere searches: a shell that starts makes a
	// dozen of them.
	FailedOpens bool
	// OpenEvents are those opens that are worth an event: by a name with ".." in it, failed or
	// not; those that were denied; and those that make a file which may be executed. One that
	// succeeds is told besides its flow, which lacks the name that was asked for and the mode.
	OpenEvents bool
	// Sockets are socket, bind and listen, failed connects, and sockets that become one of the
	// standard descriptors.
	Sockets bool
	// UnixSockets are flows of sockets of the local host, by their path, and, with Sockets, what
	// is told of these.
	UnixSockets bool
}

// DefaultEventGroups returns what Falco's stock rules ask for, and unix sockets: they cost no more
// than files, and through that of its runtime a container is left.
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
		OpenEvents:     true,
		Sockets:        true,
		UnixSockets:    true,
	}
}
