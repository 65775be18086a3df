package sysflow

// TwoNames are the operations on two files, of which the second one is a new name.
const TwoNames = OpLink | OpSymlink | OpRename

// Operations of the kinds of records.
const (
	processOps = OpClone | OpExec | OpExit | OpSetuid | OpSetns | OpPtrace | OpSetgid | OpCapset | OpChroot | OpUnshare | OpPrctl |
		OpKill | OpModule | OpBPF | OpUserfaultfd | OpMount | OpUmount | OpPivotRoot | OpMemfdCreate | OpPersonality
	threadOps = OpClone | OpExit
	// nameOps include those of unix sockets that have a path, and opens.
	nameOps = OpMkdir | OpRmdir | OpUnlink | TwoNames | OpChmod | OpChown | OpFtruncate | OpMknod | OpSetxattr |
		OpOpen | OpBind | OpListen | OpConnect
	// flowOps are what files and sockets have in common: unix sockets are files here, and the
	// memory of sockets can be mapped.
	flowOps   = OpAccept | OpConnect | OpReadRecv | OpWriteSend | OpClose | OpShutdown | OpMmap
	fileOps   = flowOps | OpOpen | OpSetns | OpDigest
	socketOps = flowOps&^OpMmap | OpSocket | OpBind | OpListen | OpDup
)

// IsFlow reports whether records of this kind collect the operations of a while.
func (k Kind) IsFlow() bool {
	return k == KindProcessFlow || k == KindFileFlow || k == KindNetworkFlow
}

// Operations returns those that records of a kind can have: events have one of them, flows any of
// them together, or none in a part of a long flow in which nothing happened. There is none for other kinds.
func (k Kind) Operations() OpFlags {
	switch k {
	case KindProcessEvent:
		return processOps
	case KindFileEvent:
		return nameOps
	case KindNetworkEvent:
		return socketOps
	case KindProcessFlow:
		return threadOps | OpTruncate
	case KindFileFlow:
		return fileOps | OpTruncate
	case KindNetworkFlow:
		return flowOps | OpTruncate
	}
	return 0
}
