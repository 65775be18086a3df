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
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/runtimes"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
)

// Config of the sysflow receiver.
type Config struct {
	// Node names the host in the records.
	Node NodeConfig `mapstructure:"node"`
	// Filter is a condition about processes in the language of rules: what others do is left
	// out. Empty wants all.
	Filter string `mapstructure:"filter"`
	// Capture adjusts what is taken from the kernel.
	Capture CaptureConfig `mapstructure:"capture"`
	// Flow adjusts how operations are summed up.
	Flow FlowConfig `mapstructure:"flow"`
	// Containers adjusts what is found out about containers.
	Containers ContainersConfig `mapstructure:"containers"`
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
	// Mode is full, flow, no_files or consume.
	Mode capture.Mode `mapstructure:"mode"`
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
	// Events are the groups of events that are wanted.
	Events EventsConfig `mapstructure:"events"`
}

// EventsConfig switches groups of events on and off; see capture.EventGroups for what is in them.
type EventsConfig struct {
	Credentials    bool `mapstructure:"credentials"`
	Namespaces     bool `mapstructure:"namespaces"`
	Ptrace         bool `mapstructure:"ptrace"`
	Signals        bool `mapstructure:"signals"`
	Modules        bool `mapstructure:"modules"`
	BPF            bool `mapstructure:"bpf"`
	Userfaultfd    bool `mapstructure:"userfaultfd"`
	Mounts         bool `mapstructure:"mounts"`
	Memfd          bool `mapstructure:"memfd"`
	Personality    bool `mapstructure:"personality"`
	Prctl          bool `mapstructure:"prctl"`
	FileAttributes bool `mapstructure:"file_attributes"`
	FailedOpens    bool `mapstructure:"failed_opens"`
	OpenEvents     bool `mapstructure:"open_events"`
	Sockets        bool `mapstructure:"sockets"`
	UnixSockets    bool `mapstructure:"unix_sockets"`
}

// FlowConfig adjusts how operations are summed up.
type FlowConfig struct {
	// FirstExport is how long a flow may be open before it is first written.
	FirstExport time.Duration `mapstructure:"first_export"`
	// ExportInterval is the time between two records of a flow that stays open.
	ExportInterval time.Duration `mapstructure:"export_interval"`
	// IdleTimeout is how long a flow may do nothing before it is cut off.
	IdleTimeout time.Duration `mapstructure:"idle_timeout"`
	// ReadOnlyFiles tells what becomes of flows of files that were only read: keep,
	// drop_system or drop.
	ReadOnlyFiles flow.ReadOnlyFiles `mapstructure:"read_only_files"`
	// ThreadEvents reports each thread, instead of sums per process.
	ThreadEvents bool `mapstructure:"thread_events"`
	// MaxProcesses and MaxFiles bound the tables.
	MaxProcesses int `mapstructure:"max_processes"`
	MaxFiles     int `mapstructure:"max_files"`
}

// ContainersConfig adjusts what is found out about containers.
type ContainersConfig struct {
	// Enabled tells whether processes are tied to their containers.
	Enabled bool `mapstructure:"enabled"`
	// Sockets of the container runtimes to ask, "unix:///path"; the usual ones if there are
	// none.
	Sockets []string `mapstructure:"sockets"`
	// Timeout is how long a runtime may take to answer.
	Timeout time.Duration `mapstructure:"timeout"`
	// Wait is how long the first records of a container wait for its description.
	Wait time.Duration `mapstructure:"wait"`
	// MaxHeld is how many records wait at once.
	MaxHeld int `mapstructure:"max_held"`
	// CacheSize is how many containers are remembered.
	CacheSize int `mapstructure:"cache_size"`
}

// BatchConfig adjusts how log records are handed on.
type BatchConfig struct {
	// Size is how many log records make a full batch.
	Size int `mapstructure:"size"`
	// Timeout is how long a record waits for its batch to fill.
	Timeout time.Duration `mapstructure:"timeout"`
}

func createDefaultConfig() component.Config {
	c, f, r := capture.DefaultOptions(), flow.DefaultConfig(), container.DefaultOptions()
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
			Events:         EventsConfig(c.Events),
		},
		Flow: FlowConfig{
			FirstExport:    f.FirstExport,
			ExportInterval: f.ExportInterval,
			IdleTimeout:    f.IdleTimeout,
			MaxProcesses:   f.MaxProcesses,
			MaxFiles:       f.MaxFiles,
		},
		Containers: ContainersConfig{
			Enabled:   true,
			Timeout:   r.Timeout,
			Wait:      500 * time.Millisecond,
			MaxHeld:   1 << 14,
			CacheSize: r.CacheSize,
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
	for _, err := range c.filterErrors() {
		add(false, "filter: %w", err)
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
	errs = append(errs, c.Containers.validate()...)
	add(c.Batch.Size > 0, "batch::size: must be positive, is %d", c.Batch.Size)
	add(c.Batch.Timeout > 0, "batch::timeout: must be positive, is %s", c.Batch.Timeout)
	return errors.Join(errs...)
}

// filterErrors returns what is wrong with the filter, one by one.
func (c *Config) filterErrors() []error {
	if c.Filter == "" {
		return nil
	}
	condition, err := policy.ParseProcessCondition(c.Filter)
	if err == nil && condition.AsksContainer() && !c.Containers.Enabled {
		err = errors.New("asks for containers, of which nothing is known with containers::enabled: false; set it to true")
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return several.Unwrap()
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

func (c *ContainersConfig) validate() (errs []error) {
	for i, socket := range c.Sockets {
		if _, err := runtimes.Path(socket); err != nil {
			errs = append(errs, fmt.Errorf("containers::sockets::%d: %w", i, err))
		}
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("containers::timeout: must be positive, is %s", c.Timeout))
	}
	if c.Wait < 0 {
		errs = append(errs, fmt.Errorf("containers::wait: must not be negative, is %s", c.Wait))
	}
	if c.MaxHeld < 0 {
		errs = append(errs, fmt.Errorf("containers::max_held: must not be negative, is %d", c.MaxHeld))
	}
	if c.CacheSize <= 0 {
		errs = append(errs, fmt.Errorf("containers::cache_size: must be positive, is %d", c.CacheSize))
	}
	return errs
}

func (c *Config) captureOptions() capture.Options {
	return capture.Options{
		Mode:           c.Capture.Mode,
		RingBufferSize: c.Capture.RingBufferSize,
		MaxFlows:       c.Capture.MaxFlows,
		MaxArgs:        c.Capture.MaxArgs,
		MaxEnv:         c.Capture.MaxEnv,
		Directories:    c.Capture.Directories,
		Pipes:          c.Capture.Pipes,
		IOUring:        c.Capture.IOUring,
		Self:           c.Capture.Self,
		Events:         capture.EventGroups(c.Capture.Events),
	}
}

func (c *Config) flowConfig() flow.Config {
	return flow.Config{
		FirstExport:    c.Flow.FirstExport,
		ExportInterval: c.Flow.ExportInterval,
		IdleTimeout:    c.Flow.IdleTimeout,
		ReadOnlyFiles:  c.Flow.ReadOnlyFiles,
		OpensOnly:      c.Capture.Mode == capture.ModeConsume,
		ThreadEvents:   c.Flow.ThreadEvents,
		MaxProcesses:   c.Flow.MaxProcesses,
		MaxFiles:       c.Flow.MaxFiles,
	}
}
