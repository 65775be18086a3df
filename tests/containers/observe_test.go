package containers

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver"
)

// patience is how long a test waits for what should happen soon: these machines are small.
const patience = time.Minute

// seen is an event or flow and what is known of where it happened.
type seen struct {
	process   sysflow.Process
	container *sysflow.Container
	pod       *sysflow.Pod
	kind      sysflow.Kind
	op        sysflow.OpFlags
}

// is tells whether a program with these arguments was executed.
func (s *seen) is(args string) bool {
	return s.op == sysflow.OpExec && strings.Contains(s.process.ExeArgs, args)
}

// observer collects what a receiver yields.
type observer struct {
	mu      sync.Mutex
	decoder *plogs.Decoder
	all     []seen
	// containers holds the records of containers alone.
	containers []*sysflow.Container
}

// observe runs the receiver until the test ends.
func observe(t *testing.T, change func(*sysflowreceiver.Config)) *observer {
	t.Helper()
	o := &observer{decoder: plogs.NewDecoder()}
	next, err := consumer.NewLogs(o.consume)
	require.NoError(t, err)
	factory := sysflowreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig().(*sysflowreceiver.Config)
	change(cfg)
	r, err := factory.CreateLogs(t.Context(), receivertest.NewNopSettings(component.MustNewType("sysflow")), cfg, next)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, r.Shutdown(context.Background())) })
	return o
}

func (o *observer) consume(_ context.Context, ld plog.Logs) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.decoder.Decode(ld, func(ob *plogs.Observation) error {
		if ob.Event == nil {
			if ob.Container != nil && ob.Process == nil {
				o.containers = append(o.containers, ob.Container)
			}
			return nil
		}
		if ob.Process == nil {
			return nil
		}
		s := seen{process: *ob.Process, container: ob.Container, pod: ob.Pod, kind: ob.Event.Kind()}
		if e, ok := ob.Event.(*sysflow.ProcessEvent); ok {
			s.op = e.OpFlags
		}
		o.all = append(o.all, s)
		return nil
	})
}

// find returns what is as wanted, in order.
func (o *observer) find(want func(*seen) bool) (found []seen) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.all {
		if want(&o.all[i]) {
			found = append(found, o.all[i])
		}
	}
	return found
}

// await returns the first that is as wanted, once there is one.
func (o *observer) await(t *testing.T, what string, want func(*seen) bool) seen {
	t.Helper()
	var found []seen
	require.Eventually(t, func() bool {
		found = o.find(want)
		return len(found) > 0
	}, patience, 20*time.Millisecond, what)
	return found[0]
}

// in selects what happened in a container.
func in(id string) func(*seen) bool {
	return func(s *seen) bool { return s.process.ContainerID == id }
}

// described tells whether there is a record of the container itself that has a name.
func (o *observer) described(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.containers, func(c *sysflow.Container) bool { return c.ID == id && c.Name != "" })
}
