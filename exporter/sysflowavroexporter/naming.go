package sysflowavroexporter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/tracefiles"
)

// Tokens of the filename template.
const (
	tokenExporter = "{exporter}"
	tokenIP       = "{ip}"
	tokenEpoch    = "{epoch}"
)

// tmpSuffix marks a file that is not complete.
const tmpSuffix = tracefiles.UnfinishedSuffix

// maxNamePart bounds what a name from a record adds to a file name, which most
// file systems limit to 255 bytes.
const maxNamePart = 100

// naming makes file names from a template and knows them again.
type naming struct {
	template string
	pattern  *regexp.Regexp
}

var templateToken = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

func newNaming(template string) (*naming, error) {
	if !strings.Contains(template, tokenEpoch) {
		return nil, fmt.Errorf("must contain %s, which tells a node's files apart, got %q", tokenEpoch, template)
	}
	if strings.ContainsAny(template, "/\\") {
		return nil, fmt.Errorf("must not contain a path, put that into directory, got %q", template)
	}
	if strings.HasSuffix(template, tmpSuffix) {
		return nil, fmt.Errorf("must not end in %s, which marks incomplete files, got %q", tmpSuffix, template)
	}
	if len(template) > maxNamePart || strings.ContainsFunc(template, isControl) {
		return nil, fmt.Errorf("must be at most %d printable characters, got %q", maxNamePart, template)
	}
	pattern, err := templatePattern(template)
	if err != nil {
		return nil, err
	}
	return &naming{template: template, pattern: pattern}, nil
}

// templatePattern matches the names that expand makes from the template.
func templatePattern(template string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteByte('^')
	pos := 0
	for _, at := range templateToken.FindAllStringIndex(template, -1) {
		b.WriteString(regexp.QuoteMeta(template[pos:at[0]]))
		switch token := template[at[0]:at[1]]; token {
		case tokenEpoch:
			b.WriteString(`[0-9]+(?:_[0-9]+)?`)
		case tokenExporter, tokenIP:
			b.WriteString(`[^.].*`)
		default:
			return nil, fmt.Errorf("knows %s, %s and %s, got %q", tokenExporter, tokenIP, tokenEpoch, token)
		}
		pos = at[1]
	}
	b.WriteString(regexp.QuoteMeta(template[pos:]))
	b.WriteByte('$')
	return regexp.Compile(b.String())
}

// expand makes the name of a node's file opened at a time. attempt counts up
// when that name is taken.
func (n *naming) expand(node nodeKey, opened time.Time, attempt int) string {
	epoch := strconv.FormatInt(opened.Unix(), 10)
	if attempt > 0 {
		// The underscore sorts after the dot, so that files opened in one second
		// are listed in the order of their opening.
		epoch = fmt.Sprintf("%s_%03d", epoch, attempt)
	}
	return strings.NewReplacer(
		tokenExporter, namePart(node.exporter),
		tokenIP, namePart(node.ip),
		tokenEpoch, epoch,
	).Replace(n.template)
}

// matches tells whether name could be that of a completed file.
func (n *naming) matches(name string) bool { return n.pattern.MatchString(name) }

// namePart makes s fit for a file name: it may come from another machine.
func namePart(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == unicode.ReplacementChar || isControl(r) {
			return '_'
		}
		return r
	}, s)
	s = strings.ToValidUTF8(s[:min(len(s), maxNamePart)], "")
	if strings.HasPrefix(s, ".") {
		s = "_" + s[1:]
	}
	if s == "" {
		return "unknown"
	}
	return s
}

func isControl(r rune) bool { return unicode.IsControl(r) }
