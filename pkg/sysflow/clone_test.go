package sysflow_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestClone(t *testing.T) {
	for _, rec := range sysflowtest.RecordsV6(rand.New(rand.NewPCG(3, 4)), 200) {
		clone := sysflow.Clone(rec)
		assert.Equal(t, rec, clone)
		if !rec.Kind().IsEntity() {
			assert.NotSame(t, rec, clone)
		}
	}
	assert.Nil(t, sysflow.Clone(nil))
}

// TestCloneSharesNothing: what an event refers to is copied, too.
func TestCloneSharesNothing(t *testing.T) {
	oid := sysflow.FOID{1}
	rename := &sysflow.FileEvent{NewFileOID: &oid, Args: []string{"a"}}
	exec := &sysflow.ProcessEvent{Args: []string{"a"}}
	bind := &sysflow.NetworkEvent{Args: []string{"a"}}
	file, process, network := sysflow.Clone(rename).(*sysflow.FileEvent), sysflow.Clone(exec).(*sysflow.ProcessEvent), sysflow.Clone(bind).(*sysflow.NetworkEvent)
	oid[0] = 2
	rename.Args[0], exec.Args[0], bind.Args[0] = "b", "b", "b"
	assert.Equal(t, &sysflow.FileEvent{NewFileOID: &sysflow.FOID{1}, Args: []string{"a"}}, file)
	assert.Equal(t, []string{"a"}, process.Args)
	assert.Equal(t, []string{"a"}, network.Args)
}
