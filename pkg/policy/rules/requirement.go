package rules

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// engine is the version of Falco's rule engine whose language this is (falco 0.44,
// userspace/engine/falco_engine_version.h).
var engine = version{0, 63, 0}

type version [3]uint64

func (v version) String() string {
	return strconv.FormatUint(v[0], 10) + "." + strconv.FormatUint(v[1], 10) + "." + strconv.FormatUint(v[2], 10)
}

// newer reports whether v is later than w.
func (v version) newer(w version) bool {
	for i := range v {
		if v[i] != w[i] {
			return v[i] > w[i]
		}
	}
	return false
}

// Pre-releases and builds are accepted and not compared.
var versionForm = regexp.MustCompile(`^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+][0-9A-Za-z.+-]+)?$`)

func parseVersion(text string) (version, bool) {
	m := versionForm.FindStringSubmatch(text)
	if m == nil {
		return version{}, false
	}
	var v version
	for i := range v {
		v[i], _ = strconv.ParseUint(m[i+1], 10, 64)
	}
	return v, true
}

// requiredEngine checks what version of Falco's engine a file demands. An integer is the
// minor version, as the engine was counted before it had three numbers.
func (it *item) requiredEngine() {
	it.label = "required_engine_version"
	it.onlyKeys("required_engine_version")
	text, n, ok := it.text("required_engine_version")
	if !ok {
		return
	}
	v, ok := parseVersion(text)
	if minor, err := strconv.ParseUint(text, 10, 32); err == nil {
		v, ok = version{0, minor, 0}, true
	}
	switch {
	case !ok:
		it.invalid(n, "write it like 0.57.0", "%q is no version of the rule engine", text)
	case v.newer(engine):
		it.fail(diag.ErrValidate, n, "", "the rules require version %s of Falco's rule engine, but this is version %s", v, engine)
	}
}

// requiredPlugins checks the form of a demand for plugins. None run here; what the usual ones
// add, like the names of containers and pods, SysFlow records have.
func (it *item) requiredPlugins() {
	it.label = "required_plugin_versions"
	it.onlyKeys("required_plugin_versions")
	for n := range it.elements("required_plugin_versions") {
		names := map[string]bool{}
		p := it.requiredPlugin(n, names)
		if p == nil {
			continue
		}
		p.onlyKeys("name", "version", "alternatives")
		if !p.has("alternatives") {
			continue
		}
		for a := range p.elements("alternatives") {
			if alternative := p.requiredPlugin(a, names); alternative != nil {
				alternative.onlyKeys("name", "version")
			}
		}
	}
}

func (it *item) requiredPlugin(n *yaml.Node, names map[string]bool) *item {
	p := it.newItem(it.source, n, it.label)
	if n.Kind != yaml.MappingNode {
		p.invalid(n, "give it a name and a version", "a required plugin must be a mapping, not %s", kindName(n))
		return nil
	}
	name, at, named := p.text("name")
	if named && names[name] {
		p.fail(diag.ErrValidate, at, "", "the plugin %q is named twice among the alternatives", name)
	}
	names[name] = true
	if v, at, ok := p.text("version"); ok {
		if _, ok := parseVersion(v); !ok {
			p.fail(diag.ErrValidate, at, "write it like 0.4.0", "%q is no version of the plugin %q", v, name)
		}
	}
	return p
}
