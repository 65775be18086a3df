package sysflowreceiver

import (
	"go.uber.org/zap"

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
	judge     func(pid int32, createTS int64, wanted bool) error
	logger    *zap.Logger
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
	}, nil
}

// Wants implements flow.Filter.
func (f *filter) Wants(p *sysflow.Process) bool {
	wanted := f.condition.Holds(f.processes.Put(*p, nil, nil, f.node))
	if err := f.judge(int32(p.OID.HPID), p.OID.CreateTS, wanted); err != nil {
		// its events keep coming, and are left out here
		f.logger.Warn("A process that the filter does not want cannot be ignored in the kernel", zap.Error(err))
	}
	return wanted
}
