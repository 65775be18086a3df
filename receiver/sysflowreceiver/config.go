package sysflowreceiver

import (
	"errors"
	"fmt"
	"math/bits"
	"net/netip"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// Config of the sysflow receiver.
type Config struct {
	// Node names the host in the records.
	Node NodeConfig `mapstructure:"node"`
	// Capture adjusts what is taken from the kernel.
	Capture CaptureConfig `mapstructure:"capture"`
	// Flow adjusts how operations are summed up.
	Flow FlowConfig `mapstructure:"flow"`
	// Batch adjusts how log records are handed on.
	Batch BatchConfig `mapstructure:"batch"`
	// RetryConfig applies when the pipeline refuses a batch for now.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// NodeConfig names the observed host.
type NodeConfig struct {
	// ID becomes host.name, the exporter in SysFlow's header; the default is the
	// host name.
	ID string `mapstructure:"id"`
	// IP becomes host.ip, the ip in SysFlow's header; none by default.
	IP string `mapstructure:"ip"`
}

// CaptureConfig adjusts what is taken from the kernel.
type CaptureConfig struct {
	// RingBufferSize in bytes is a power of two; 0, the default, fits it to the
	// number of CPUs.
	RingBufferSize uint32 `mapstructure:"ring_buffer_size"`
	// MaxFlows is how many open files and sockets are watched at once.
	MaxFlows uint32 `mapstructure:"max_flows"`
	// MaxArgs is how many bytes of a program's arguments are kept.
	MaxArgs uint32 `mapstructure:"max_args"`
	// MaxEnv is how many bytes of a program's environment are kept; 0 for none.
	MaxEnv uint32 `mapstructure:"max_env"`
	// Directories and Pipes tell whether flows of these are wanted.
	Directories bool `mapstructure:"directories"`
	Pipes       bool `mapstructure:"pipes"`
	// IOUring tells whether what programs do through io_uring is wanted.
	IOUring bool `mapstructure:"io_uring"`
	// Self tells whether the collector itself is observed.
	Self bool `mapstructure:"self"`
	// PollInterval is how often the ring buffer is emptied.
	PollInterval time.Duration `mapstructure:"poll_interval"`
}

// FlowConfig adjusts how operations are summed up.
type FlowConfig struct {
	// FirstExport is how long a flow may be open before it is first written.
	FirstExport time.Duration `mapstructure:"first_export"`
	// ExportInterval is the time between two records of a flow that stays open.
	ExportInterval time.Duration `mapstructure:"export_interval"`
	// IdleTimeout is how long a flow may do nothing before it is cut off.
	IdleTimeout time.Duration `mapstructure:"idle_timeout"`
	// ThreadEvents reports each thread, instead of sums per process.
	ThreadEvents bool `mapstructure:"thread_events"`
	// MaxProcesses and MaxFiles bound the tables.
	MaxProcesses int `mapstructure:"max_processes"`
	MaxFiles     int `mapstructure:"max_files"`
}

// BatchConfig adjusts how log records are handed on.
type BatchConfig struct {
	// Size is how many log records make a full batch.
	Size int `mapstructure:"size"`
	// Timeout is how long a record waits for its batch to fill.
	Timeout time.Duration `mapstructure:"timeout"`
}

func createDefaultConfig() component.Config {
	c, f := capture.DefaultOptions(), flow.DefaultConfig()
	retry := configretry.NewDefaultBackOffConfig()
	// The ring buffer fills while a batch is held back: do not wait longer than needed. What
	// does not fit into it is lost anyway, so nothing is given up before.
	retry.InitialInterval, retry.MaxInterval, retry.MaxElapsedTime = 50*time.Millisecond, 5*time.Second, 0
	return &Config{
		Capture: CaptureConfig{
			RingBufferSize: c.RingBufferSize,
			MaxFlows:       c.MaxFlows,
			MaxArgs:        c.MaxArgs,
			MaxEnv:         c.MaxEnv,
			Directories:    c.Directories,
			Pipes:          c.Pipes,
			IOUring:        c.IOUring,
			PollInterval:   25 * time.Millisecond,
		},
		Flow: FlowConfig{
			FirstExport:    f.FirstExport,
			ExportInterval: f.ExportInterval,
			IdleTimeout:    f.IdleTimeout,
			MaxProcesses:   f.MaxProcesses,
			MaxFiles:       f.MaxFiles,
		},
		Batch:       BatchConfig{Size: 8192, Timeout: 100 * time.Millisecond},
		RetryConfig: retry,
	}
}

const minRingBufferSize = 1 << 16

// Validate implements xconfmap.Validator.
func (c *Config) Validate() error {
	var errs []error
	add := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	if c.Node.IP != "" {
		_, err := netip.ParseAddr(c.Node.IP)
		add(err == nil, "node::ip: must be an IP address, is %q", c.Node.IP)
	}
	size := c.Capture.RingBufferSize
	add(size == 0 || (size >= minRingBufferSize && bits.OnesCount32(size) == 1),
		"capture::ring_buffer_size: must be 0 or a power of two of at least %d bytes, is %d", minRingBufferSize, size)
	add(c.Capture.MaxFlows > 0, "capture::max_flows: must be positive")
	add(c.Capture.MaxArgs <= capture.LimitArgs, "capture::max_args: must be at most %d bytes, is %d", capture.LimitArgs, c.Capture.MaxArgs)
	add(c.Capture.MaxEnv <= capture.LimitArgs, "capture::max_env: must be at most %d bytes, is %d", capture.LimitArgs, c.Capture.MaxEnv)
	add(c.Capture.PollInterval > 0, "capture::poll_interval: must be positive, is %s", c.Capture.PollInterval)
	add(c.Flow.FirstExport > 0, "flow::first_export: must be positive, is %s", c.Flow.FirstExport)
	add(c.Flow.ExportInterval >= c.Flow.FirstExport,
		"flow::export_interval: must be at least flow::first_export (%s), is %s", c.Flow.FirstExport, c.Flow.ExportInterval)
	add(c.Flow.IdleTimeout > 0, "flow::idle_timeout: must be positive, is %s", c.Flow.IdleTimeout)
	add(c.Flow.MaxProcesses > 0, "flow::max_processes: must be positive, is %d", c.Flow.MaxProcesses)
	add(c.Flow.MaxFiles > 0, "flow::max_files: must be positive, is %d", c.Flow.MaxFiles)
	add(c.Batch.Size > 0, "batch::size: must be positive, is %d", c.Batch.Size)
	add(c.Batch.Timeout > 0, "batch::timeout: must be positive, is %s", c.Batch.Timeout)
	return errors.Join(errs...)
}

func (c *Config) captureOptions() capture.Options {
	return capture.Options{
		RingBufferSize: c.Capture.RingBufferSize,
		MaxFlows:       c.Capture.MaxFlows,
		MaxArgs:        c.Capture.MaxArgs,
		MaxEnv:         c.Capture.MaxEnv,
		Directories:    c.Capture.Directories,
		Pipes:          c.Capture.Pipes,
		IOUring:        c.Capture.IOUring,
		Self:           c.Capture.Self,
	}
}

func (c *Config) flowConfig() flow.Config {
	return flow.Config{
		FirstExport:    c.Flow.FirstExport,
		ExportInterval: c.Flow.ExportInterval,
		IdleTimeout:    c.Flow.IdleTimeout,
		ThreadEvents:   c.Flow.ThreadEvents,
		MaxProcesses:   c.Flow.MaxProcesses,
		MaxFiles:       c.Flow.MaxFiles,
	}
}
