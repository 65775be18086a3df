package sysflowavroexporter

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Config is the configuration of the exporter.
type Config struct {
	// Directory receives the trace files. It is created when missing.
	Directory string `mapstructure:"directory"`
	// Filename is the template of a file's name: {exporter}, {ip} and {epoch} are
	// replaced. {epoch} is required, it tells the files of one node apart.
	Filename string `mapstructure:"filename"`
	// FileMode is the permission of trace files, in octal.
	FileMode FileMode `mapstructure:"file_mode"`
	// ExporterID replaces the exporter's name in headers and file names; empty
	// keeps the name that the records carry (host.name).
	ExporterID string `mapstructure:"exporter_id"`
	// NodeIP replaces the node's address in headers; empty keeps what the records
	// carry (host.ip).
	NodeIP string `mapstructure:"node_ip"`
	// SchemaVersion of the files: 5, which upstream's tools read, or 6, which says everything.
	SchemaVersion int `mapstructure:"schema_version"`
	// Codec compresses the blocks: deflate, snappy, zstd or null.
	Codec string `mapstructure:"codec"`
	// BlockSize ends a block once it holds that many bytes before compression.
	BlockSize int `mapstructure:"block_size"`
	// MaxOpenFiles bounds how many files, one for each node, are open at a time.
	MaxOpenFiles int `mapstructure:"max_open_files"`

	Rotation  RotationConfig  `mapstructure:"rotation"`
	Retention RetentionConfig `mapstructure:"retention"`

	TimeoutConfig exporterhelper.TimeoutConfig                             `mapstructure:",squash"`
	QueueConfig   configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	BackOffConfig configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`
}

// RotationConfig tells when a trace file is complete.
type RotationConfig struct {
	// Interval is the age at which a file is completed, 0 for never.
	Interval time.Duration `mapstructure:"interval"`
	// MaxSize is the size in bytes at which a file is completed, 0 for any size.
	// It is looked at between batches.
	MaxSize int64 `mapstructure:"max_size"`
}

// RetentionConfig bounds the completed trace files in the directory; the oldest
// are deleted first. Zero values keep everything.
type RetentionConfig struct {
	// MaxBytes bounds the sum of their sizes.
	MaxBytes int64 `mapstructure:"max_bytes"`
	// MaxFiles bounds their number.
	MaxFiles int `mapstructure:"max_files"`
	// MaxAge bounds the time since they were last written to.
	MaxAge time.Duration `mapstructure:"max_age"`
}

// FileMode is a file permission, written in octal.
type FileMode uint32

// UnmarshalText reads an octal number.
func (m *FileMode) UnmarshalText(text []byte) error {
	v, err := strconv.ParseUint(string(text), 8, 32)
	if err != nil {
		return fmt.Errorf("file mode %q is not an octal number such as 0600", text)
	}
	*m = FileMode(v)
	return nil
}

var codecs = []string{"deflate", "null", "snappy", "zstd"}

// minInterval keeps epochs, whose unit is the second, apart.
const minInterval = time.Second

var _ component.Config = (*Config)(nil)

// Validate reports every mistake in the configuration at once.
func (c *Config) Validate() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if c.Directory == "" {
		fail("directory: must name the folder that receives the trace files")
	}
	if _, err := newNaming(c.Filename); err != nil {
		fail("filename: %w", err)
	}
	if c.FileMode > 0o777 || c.FileMode&0o600 != 0o600 {
		fail("file_mode: must be a permission that lets the owner read and write, such as 0600, got %#o", uint32(c.FileMode))
	}
	if strings.ContainsFunc(c.ExporterID, isControl) {
		fail("exporter_id: must not contain control characters, got %q", c.ExporterID)
	}
	if c.NodeIP != "" {
		if _, err := netip.ParseAddr(c.NodeIP); err != nil {
			fail("node_ip: must be an IP address or empty, got %q", c.NodeIP)
		}
	}
	if c.SchemaVersion != sysflow.SchemaV5 && c.SchemaVersion != sysflow.SchemaV6 {
		fail("schema_version: must be 5, which upstream's tools read, or 6, which also holds what version 5 cannot say, got %d", c.SchemaVersion)
	}
	if !slices.Contains(codecs, c.Codec) {
		fail("codec: must be one of %s, got %q", strings.Join(codecs, ", "), c.Codec)
	}
	if c.BlockSize <= 0 {
		fail("block_size: must be positive, got %d", c.BlockSize)
	}
	if c.MaxOpenFiles <= 0 {
		fail("max_open_files: must be positive, got %d", c.MaxOpenFiles)
	}
	if c.Retention.MaxBytes > 0 && c.Retention.MaxBytes < c.Rotation.MaxSize {
		fail("retention::max_bytes: must be at least rotation::max_size (%d), else a full file would be deleted at once, got %d",
			c.Rotation.MaxSize, c.Retention.MaxBytes)
	}
	errs = append(errs, c.Rotation.validate(), c.Retention.validate(), c.validateQueue())
	return errors.Join(errs...)
}

func (c *RotationConfig) validate() error {
	var errs []error
	if c.Interval != 0 && c.Interval < minInterval {
		errs = append(errs, fmt.Errorf("rotation::interval: must be 0 (off) or at least %s, got %s", minInterval, c.Interval))
	}
	if c.MaxSize < 0 {
		errs = append(errs, fmt.Errorf("rotation::max_size: must be 0 (off) or positive, got %d", c.MaxSize))
	}
	return errors.Join(errs...)
}

func (c *RetentionConfig) validate() error {
	var errs []error
	if c.MaxBytes < 0 {
		errs = append(errs, fmt.Errorf("retention::max_bytes: must be 0 (off) or positive, got %d", c.MaxBytes))
	}
	if c.MaxFiles < 0 {
		errs = append(errs, fmt.Errorf("retention::max_files: must be 0 (off) or positive, got %d", c.MaxFiles))
	}
	if c.MaxAge < 0 {
		errs = append(errs, fmt.Errorf("retention::max_age: must be 0 (off) or positive, got %s", c.MaxAge))
	}
	return errors.Join(errs...)
}

func (c *RetentionConfig) enabled() bool {
	return c.MaxBytes > 0 || c.MaxFiles > 0 || c.MaxAge > 0
}

// validateQueue refuses several consumers: they would hand over batches out of
// order, and a trace is a sequence.
func (c *Config) validateQueue() error {
	if c.QueueConfig.HasValue() && c.QueueConfig.Get().NumConsumers != 1 {
		return fmt.Errorf("sending_queue::num_consumers: must be 1, since a trace keeps the order of its records, got %d",
			c.QueueConfig.Get().NumConsumers)
	}
	return nil
}
