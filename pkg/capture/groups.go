package capture

// EventGroups says which events are wanted besides the life of processes, their changes of user,
// and what they do with files and connections. A group that is off costs nothing: its system
// calls are not looked at, but for those that change what is known of a process (its groups,
// capabilities, namespaces, name), which is always taken over.
type EventGroups struct {
	// Credentials are changes of group ids (setgid, setregid, setresgid) and capabilities (capset).
	Credentials bool
	// Namespaces are unshare and chroot. Setns is always seen, as a flow of the namespace's file.
	Namespaces bool
	// Ptrace are the requests of ptrace that begin to trace, or write to memory and registers.
	Ptrace bool
	// Signals are those sent by kill and its kin that end or stop a process: SIGHUP, SIGINT,
	// SIGQUIT, SIGABRT, SIGKILL, SIGTERM, SIGSTOP.
	Signals bool
	// Modules are loads of kernel modules: init_module, finit_module.
	Modules bool
	// BPF are the commands of bpf that create, load, pin, get, attach and detach.
	BPF bool
	// Userfaultfd is userfaultfd.
	Userfaultfd bool
	// Mounts are mount, move_mount, umount2 and pivot_root.
	Mounts bool
	// Memfd is memfd_create.
	Memfd bool
	// Personality is personality, unless it only asks.
	Personality bool
	// Prctl are the options of prctl that change what a task is or may do, such as its name.
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
		Modules:        true,
		BPF:            true,
		Userfaultfd:    true,
		FileAttributes: true,
		OpenEvents:     true,
		Sockets:        true,
		UnixSockets:    true,
	}
}
