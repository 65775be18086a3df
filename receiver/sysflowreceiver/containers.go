package sysflowreceiver

import (
	"fmt"

	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/runtimes"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/holdback"
)

// containers is what the receiver has to find out about containers. It is nil when that is not
// wanted.
type containers struct {
	seen     *capture.Containers
	resolver *container.Resolver
	stage    *holdback.Stage
}

// newContainers hands the records that it is given on to out.
func newContainers(cfg *ContainersConfig, logger *zap.Logger, out func(sysflow.Record)) (*containers, error) {
	if !cfg.Enabled {
		return nil, nil
	}
	clients, err := runtimes.At(cfg.Sockets)
	if len(cfg.Sockets) == 0 {
		clients, err = runtimes.Usual()
	}
	if err != nil {
		return nil, fmt.Errorf("preparing to ask container runtimes: %w", err)
	}
	opts := container.DefaultOptions()
	opts.Timeout, opts.CacheSize = cfg.Timeout, cfg.CacheSize
	opts.Notify = func(runtime string, err error) {
		if err != nil {
			logger.Warn("A container runtime does not answer; containers have their ids alone until it does",
				zap.String("socket", runtime), zap.Error(err))
			return
		}
		logger.Info("A container runtime answers", zap.String("socket", runtime))
	}
	c := &containers{seen: capture.NewContainers(), resolver: container.NewResolver(clients, opts)}
	c.stage = holdback.New(c.resolver, out, holdback.Options{Wait: cfg.Wait, MaxHeld: cfg.MaxHeld, Identify: c.seen.Identity})
	return c, nil
}

// table is what the capture fills, nil when it need not.
func (c *containers) table() *capture.Containers {
	if c == nil {
		return nil
	}
	return c.seen
}

// lookup tells what is known of a container; nothing of the host, whose id is "".
func (c *containers) lookup(id string) (container.Info, container.State) {
	if c == nil || id == "" {
		return container.Info{}, container.Unknown
	}
	identity := c.seen.Identity(id)
	if identity.ID == "" {
		return container.Info{}, container.Unknown
	}
	return c.resolver.Lookup(identity)
}

func (c *containers) tick() {
	if c != nil {
		c.stage.Tick()
	}
}

func (c *containers) flush() {
	if c != nil {
		c.stage.Flush()
	}
}

func (c *containers) close() error {
	if c == nil {
		return nil
	}
	return c.resolver.Close()
}

// containerStats are the figures for telemetry.
type containerStats struct {
	stage    holdback.Stats
	resolver container.Stats
}

func (c *containers) stats() (s containerStats) {
	if c != nil {
		s.stage, s.resolver = c.stage.Stats(), c.resolver.Stats()
	}
	return s
}
