package sysflowreceiver

import (
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// filter judges processes by the condition of the configuration, and tells the kernel side.
type filter struct {
	condition *policy.ProcessCondition
	node      *field.Node
	processes *lineage.Table
	lookup    func(containerID string) (container.Info, container.State)
	judge     func(pid int32, createTS int64, wanted bool) error
	logger    *zap.Logger
	// undecided are containers of which may become known soon what the condition asks for.
	undecided map[string]struct{}
}

func newFilter(text string, header *sysflow.Header, logger *zap.Logger) (*filter, error) {
	condition, err := policy.ParseProcessCondition(text)
	if err != nil {
		return nil, err // Validate has seen it
	}
	return &filter{
		condition: condition,
		node:      &field.Node{Name: header.Exporter, IP: header.IP, SchemaVersion: header.Version},
		processes: lineage.NewTable(0),
		logger:    logger,
		undecided: make(map[string]struct{}),
	}, nil
}

// Wants implements flow.Filter. As long as more may become known of a process's container, it is
// wanted if the condition asks for that.
func (f *filter) Wants(p *sysflow.Process) bool {
	info, state := f.lookup(p.ContainerID)
	known := f.processes.Put(*p, info.Container, info.Pod, f.node)
	wanted := f.condition.Holds(known)
	if state == container.Pending && f.condition.AsksRuntime() {
		f.undecided[p.ContainerID] = struct{}{}
		wanted = true
	}
	if err := f.judge(int32(p.OID.HPID), p.OID.CreateTS, wanted); err != nil {
		// its events keep coming, and are left out here
		f.logger.Warn("A process that the filter does not want cannot be ignored in the kernel", zap.Error(err))
	}
	return wanted
}

// decided returns the containers of which has become known what ever will be, so that their processes
// can be judged.
func (f *filter) decided() (ids []string) {
	if f == nil {
		return nil
	}
	for id := range f.undecided {
		if _, state := f.lookup(id); state != container.Pending {
			delete(f.undecided, id)
			ids = append(ids, id)
		}
	}
	return ids
}
