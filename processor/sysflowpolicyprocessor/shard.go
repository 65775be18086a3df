package sysflowpolicyprocessor

import (
	"hash/maphash"
	"runtime"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/hosts"
)

const (
	// hostLimit bounds the hosts that a shard remembers.
	hostLimit = 2048
	// processLimit bounds the processes of all hosts together, each of up to a kilobyte,
	// since whoever sends records chooses the names of hosts.
	processLimit = 1 << 20
	// leastProcesses is room for one host that is full.
	leastProcesses = 2 * recent.DefaultLimit
)

// shards spread hosts over the processors of this one, so that a gateway uses all of them
// while the records of one host are judged one after the other.
type shards struct {
	seed maphash.Seed
	all  []*shard
}

// shard is what is known of some hosts.
type shard struct {
	index int
	mu    sync.Mutex
	hosts *hosts.Table
}

func newShards() *shards {
	s := &shards{seed: maphash.MakeSeed()}
	n := runtime.GOMAXPROCS(0)
	for i := range n {
		s.all = append(s.all, &shard{index: i, hosts: hosts.NewTable(hostLimit, max(leastProcesses, processLimit/n))})
	}
	return s
}

// of returns the shard of a host.
func (s *shards) of(name string) *shard {
	if len(s.all) == 1 {
		return s.all[0]
	}
	return s.all[maphash.String(s.seed, name)%uint64(len(s.all))]
}
