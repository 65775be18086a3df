package filereceiver

import (
	"errors"
	"fmt"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
)

// Mode tells when a replay ends.
type Mode string

const (
	// ModeOnce replays the files that are there at the start.
	ModeOnce Mode = "once"
	// ModeFollow goes on with files that appear later.
	ModeFollow Mode = "follow"
)

// Config is the configuration of the file receiver.
type Config struct {
	// Include lists files, directories and globs (with **). A directory stands for the
	// regular files in it, except *.tmp and those whose name begins with a dot.
	Include []string `mapstructure:"include"`
	// Exclude lists globs for what Include matches but is not wanted. A glob without
	// a slash is held against the file name, others against the whole path.
	Exclude []string `mapstructure:"exclude"`

	// Mode is once or follow.
	Mode Mode `mapstructure:"mode"`
	// ExitWhenDone ends the collector when, in mode once, everything was delivered.
	ExitWhenDone bool `mapstructure:"exit_when_done"`
	// PollInterval is how often mode follow looks for new files.
	PollInterval time.Duration `mapstructure:"poll_interval"`
	// SettleTime is how long, in mode follow, the newest file of a series must not
	// have been written to before it counts as finished.
	SettleTime time.Duration `mapstructure:"settle_time"`

	// DeleteAfterRead removes a file when all its records were accepted.
	DeleteAfterRead bool `mapstructure:"delete_after_read"`
	// QuarantineDirectory is where files go that cannot be read to their end; empty
	// leaves them where they are.
	QuarantineDirectory string `mapstructure:"quarantine_directory"`
	// StorageID names the storage extension that keeps the positions over restarts.
	StorageID *component.ID `mapstructure:"storage"`

	// Speed replays at a multiple of the recorded speed; 0 is as fast as possible.
	Speed float64 `mapstructure:"speed"`
	// BatchSize is how many log records are handed to the pipeline at once.
	BatchSize int `mapstructure:"batch_size"`
	// RetryConfig applies when the pipeline refuses a batch for now.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var _ component.Config = (*Config)(nil)

func createDefaultConfig() component.Config {
	retry := configretry.NewDefaultBackOffConfig()
	// A stored trace can wait, so nothing is given up unless the user says so.
	retry.MaxElapsedTime = 0
	return &Config{
		Mode:         ModeOnce,
		PollInterval: time.Second,
		SettleTime:   10 * time.Second,
		BatchSize:    8192,
		RetryConfig:  retry,
	}
}

// Validate checks the configuration and reports everything that is wrong with it.
func (cfg *Config) Validate() error {
	var errs []error
	if len(cfg.Include) == 0 {
		errs = append(errs, errors.New("include: must name at least one file, directory or glob"))
	}
	errs = append(errs, validateGlobs("include", cfg.Include)...)
	errs = append(errs, validateGlobs("exclude", cfg.Exclude)...)
	switch cfg.Mode {
	case ModeOnce, ModeFollow:
	default:
		errs = append(errs, fmt.Errorf("mode: must be %q or %q, is %q", ModeOnce, ModeFollow, cfg.Mode))
	}
	if cfg.ExitWhenDone && cfg.Mode == ModeFollow {
		errs = append(errs, errors.New("exit_when_done: mode follow never ends, use mode once"))
	}
	if cfg.PollInterval <= 0 {
		errs = append(errs, fmt.Errorf("poll_interval: must be positive, is %v", cfg.PollInterval))
	}
	if cfg.SettleTime < 0 {
		errs = append(errs, fmt.Errorf("settle_time: must not be negative, is %v", cfg.SettleTime))
	}
	if !(cfg.Speed >= 0) { // also true for NaN
		errs = append(errs, fmt.Errorf("speed: must be 0 (as fast as possible) or a positive factor, is %v", cfg.Speed))
	}
	if cfg.BatchSize <= 0 {
		errs = append(errs, fmt.Errorf("batch_size: must be positive, is %d", cfg.BatchSize))
	}
	return errors.Join(errs...)
}

func validateGlobs(key string, globs []string) []error {
	var errs []error
	for i, glob := range globs {
		switch {
		case glob == "":
			errs = append(errs, fmt.Errorf("%s::%d: must not be empty", key, i))
		case !doublestar.ValidatePathPattern(glob):
			errs = append(errs, fmt.Errorf("%s::%d: %q is not a valid glob", key, i, glob))
		}
	}
	return errs
}
