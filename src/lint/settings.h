#ifndef LINT_SETTINGS_H
#define LINT_SETTINGS_H

// .cleat.yaml: which rules count and how much, what lives outside the render, and settings by path.
//
//	rules:
//	  latest-tag: off                 # off, info, warning, error
//	  hardcoded-host: error
//	outside:                          # what other releases, operators or people provide
//	  hosts: ["*.example.com", host.docker.internal]
//	  services: [kafka/broker, mlflow] # namespace/name, or a name in any namespace
//	  secrets: [platform-credentials]
//	  configMaps: []
//	  serviceAccounts: []
//	  claims: []
//	  namespaces: [monitoring]
//	paths:
//	  - path: "templates/backends/**"
//	    rules: {hardcoded-host: off}
//	explore:                          # true, false, or a table, which turns it on
//	  limit: 200
//	  except: [metrics.enabled, "*.podSecurity"] # values that stay what they are, with all below them
//	failOn: warning
//	namespace: default
//	clusterDomain: cluster.local
//
// Patterns may hold * and ?, and ** in paths, which count from the folder of the file. A key that is not known, or said
// twice, is an error with its line.

#include "base/diag.h"

typedef enum Severity {
	SEVERITY_DEFAULT,
	SEVERITY_OFF,
	SEVERITY_INFO,
	SEVERITY_WARNING,
	SEVERITY_ERROR
} Severity;

typedef struct RuleSetting {
	Str rule;
	Severity severity;
} RuleSetting;

typedef struct RuleSettings {
	RuleSetting *items;
	size_t len, cap;
} RuleSettings;

typedef struct Patterns {
	Str *items;
	size_t len, cap;
} Patterns;

typedef struct PathSetting {
	Str path;
	RuleSettings rules;
} PathSetting;

typedef enum OutsideKind {
	OUTSIDE_HOSTS,
	OUTSIDE_SERVICES,
	OUTSIDE_SECRETS,
	OUTSIDE_CONFIG_MAPS,
	OUTSIDE_ACCOUNTS,
	OUTSIDE_CLAIMS,
	OUTSIDE_NAMESPACES,
	OUTSIDE_COUNT,
} OutsideKind;

// Configurations that are tried in one exploration, where nothing else is said: a chart of usual size is done in a
// second, and the single values of almost every chart fit in.
#define EXPLORE_LIMIT_DEFAULT 200
#define EXPLORE_LIMIT_MAX     1000000

typedef struct ExploreSetting {
	bool on;
	size_t limit;
	Patterns except;
} ExploreSetting;

typedef struct Settings {
	RuleSettings rules;
	Patterns outside[OUTSIDE_COUNT];
	PathSetting *paths;
	size_t path_count, path_cap;
	ExploreSetting explore;
	Severity fail_on;
	bool never_fails; // failOn: never
	Str ns, cluster_domain;
	Str folder,
		here; // of the file, with the last slash, and the current one: paths from the root, for `paths`
} Settings;

Settings settings_default(void);
// A copy whose lists of what lives outside may grow without changing the original.
Settings settings_copy(Arena *arena, const Settings *settings);
// Reads the text of a .cleat.yaml; `file` is for places. Errors name the line.
bool settings_read(Arena *arena, Str text, Str file, Settings *out, Diag *diag);
// The severity of a rule in a file: the last of the settings that speak of it, else `fallback`.
Severity settings_severity(const Settings *config, Arena *arena, Str rule, Str file,
                           Severity fallback);
// Whether `name` (in namespace `ns`, which may be empty) is declared to live outside.
bool settings_outside(const Settings *config, OutsideKind kind, Str ns, Str name);
// A number of configurations; false where the text is none.
bool explore_limit_read(Str text, size_t *out);
bool severity_read(Str text, Severity *out);
// * and ? stop at nothing in names; in paths * stops at '/' and ** does not.
bool pattern_match(Str pattern, Str text, bool path);

#endif
