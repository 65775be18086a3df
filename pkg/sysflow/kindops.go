package sysflow

// Operations by kind of record.
const (
	processEventOps = OpClone | OpExec | OpExit | OpSetuid | OpSetns | OpPtrace | OpSetgid | OpCapset | OpChroot | OpUnshare | OpPrctl |
		OpKill | OpModule | OpBPF | OpUserfaultfd | OpMount | OpUmount | OpPivotRoot | OpMemfdCreate | OpPersonality
	// File events are operations on names, opens that a flow cannot show, and unix sockets.
	fileEventOps = OpMkdir | OpRmdir | OpLink | OpUnlink | OpSymlink | OpRename | OpChmod | OpChown | OpFtruncate | OpMknod | OpSetxattr |
		OpOpen | OpBind | OpListen | OpConnect
	flowOps = OpAccept | OpConnect | OpReadRecv | OpWriteSend | OpClose | OpTruncate | OpShutdown | OpMmap | OpDigest
)

// Ops returns the operations that records of a kind can have: events one of them, flows some, or
// none in a part of a long flow in which nothing happened.
func (k Kind) Ops() OpFlags {
	switch k {
	case KindProcessEvent:
		return processEventOps
	case KindFileEvent:
		return fileEventOps
	case KindNetworkEvent:
		return flowOps&^(OpMmap|OpDigest) | OpSocket | OpBind | OpListen | OpDup
	case KindProcessFlow:
		return OpClone | OpExit
	case KindFileFlow:
		return flowOps | OpOpen | OpSetns
	case KindNetworkFlow:
		return flowOps
	}
	return 0
}

// IsFlow reports whether records of this kind collect the operations of a while.
func (k Kind) IsFlow() bool {
	return k == KindProcessFlow || k == KindFileFlow || k == KindNetworkFlow
}
