package capture

// Options adjusts a capture. DefaultOptions has the usual values.
type Options struct {
	// RingBufferSize is the size of the buffer between kernel and collector in bytes:
	// a power of two, at least a page; 0 fits it to the number of CPUs.
	RingBufferSize uint32
	// MaxFlows is how many open files and sockets can be watched at once. Peers of
	// unconnected sockets have a table of a quarter of that.
	MaxFlows uint32
	// MaxArgs is how many bytes of a program's arguments are kept, at most
	// LimitArgs.
	MaxArgs uint32
	// MaxEnv is how many bytes of a program's environment are kept, at most
	// LimitArgs; 0 keeps none.
	MaxEnv uint32
	// Directories and Pipes tell whether flows of these are wanted.
	Directories bool
	Pipes       bool
	// Mode says which kinds of events are captured.
	Mode Mode
	// Filtered tells that Judge will be called; Inherited that a child is not wanted if its
	// parent is not, until Judge says otherwise.
	Filtered  bool
	Inherited bool
	// IOUring tells whether what programs do through io_uring is wanted.
	IOUring bool
	// Self tells whether this process is observed, too.
	Self bool
	// Events are the groups of events that are wanted.
	Events EventGroups
	// Containers is filled with the containers that are met. Without it, processes are not
	// told to be in one.
	Containers *Containers
}

// LimitArgs bounds MaxArgs and MaxEnv, in bytes.
const LimitArgs = 8192

// DefaultOptions returns what is documented for the collector.
func DefaultOptions() Options {
	return Options{
		MaxFlows:    1 << 17,
		MaxArgs:     4096,
		Directories: true,
		Events:      DefaultEventGroups(),
		IOUring:     true,
	}
}

// ringBufferSize is 4 MiB for each CPU, all of which share the buffer, from 8 to 64 MiB.
func ringBufferSize(cpus int) uint32 {
	size := uint32(8 << 20)
	for size < 64<<20 && size < uint32(cpus)<<22 {
		size *= 2
	}
	return size
}
