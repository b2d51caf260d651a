#!/usr/bin/env perl
# Origins through kustomizations: whatever wrote a value (patch, generator, base, transformer, chart), `cleat lint` and
# `cleat why` name its file, line and column. The text that is looked for stands where the place says, so that no line
# is counted by hand.
use strict;
use warnings;
use FindBin;
use JSON::PP;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my %files = (
	'base/kustomization.yaml' => "resources: [app.yaml]\nconfigMapGenerator:\n- name: settings\n  literals: [MODE=base-mode]\n  files: [conf/app.ini]\n",
	'base/conf/app.ini' => "[app]\nurl = http://from-file:81/\n",
	'base/app.yaml' => <<'END',
# The base.
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
      - name: wait
        image: busybox:1.37
        command:
        - sh
        - -c
        - |
          echo starting
          until nc -z from-base 80; do sleep 1; done
      containers:
      - name: web
        image: registry.example.com/web:1
        env:
        - {name: GREETING, value: "caf\u00e9 $(WHERE)"}
        - {name: LONG, value: 'one
            two'}
        envFrom:
        - configMapRef: {name: settings}
END
	'over/kustomization.yaml' => <<'END',
namespace: shop
namePrefix: p-
nameSuffix: -s
resources: [../base]
labels:
- pairs: {stage: production}
commonAnnotations: {owner: team-a}
images:
- {name: registry.example.com/web, newName: mirror.example.com/web, newTag: latest}
replicas:
- {name: web, count: 3}
patches:
- path: patches/env.yaml
- path: patches/json.yaml
  target: {kind: Deployment}
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          containers:
          - name: web
            env:
            - name: INLINE
              value: http://from-inline:1
- target: {kind: Deployment}
  patch: '[{"op": "add", "path": "/spec/template/spec/hostname", "value": "one-liner"}]'
patchesStrategicMerge:
- patches/old.yaml
secretGenerator:
- name: keys
  literals: ["password=hunter2-hunter2"]
  envs: [keys.env]
  options: {disableNameSuffixHash: true}
configMapGenerator:
- name: settings
  behavior: merge
  literals: [MODE=over-mode, ADDED=http://from-literal:2]
vars:
- name: WHERE
  objref: {kind: Service, name: web, apiVersion: v1}
replacements:
- source: {kind: Service, name: web, fieldPath: 'spec.ports.0.port'}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.0.env.[name=PORT].value']
END
	'over/keys.env' => "# comment\nTOKEN=from-env-file\n",
	'over/patches/env.yaml' => <<'END',
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ClusterIP}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        env:
        - name: API_KEY
          value: AKIAIOSFODNN7EXAMPLQ
        - name: HOST
          value: http://from-patch:8080
        - name: PORT
          value: "none"
END
	'over/patches/json.yaml' => <<'END',
- op: add
  path: /spec/template/spec/containers/0/envFrom/-
  value:
    secretRef:
      name: from-json
- op: replace
  path: /spec/template/spec/containers/0/imagePullPolicy
  value: Sometimes
- {op: add, path: /spec/minReadySeconds, value: 0x10}
END
	'over/patches/old.yaml' => "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, imagePullPolicy: Never}]}}}\r\n",
	'charted/kustomization.yaml' => <<'END',
namespace: shop
helmCharts:
- name: chart
  releaseName: rel
  valuesInline:
    image: {tag: latest}
    endpoint: http://from-inline-values:9
  valuesFile: values-prod.yaml
  additionalValuesFiles: [more.yaml]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/containers/0/workingDir
      value: /from-patch
END
	'charted/values-prod.yaml' => "image: {name: from-values-prod, tag: stable}\nreplicas: 7\n",
	'charted/more.yaml' => "# more\nlevel: from-more\n",
	'charted/charts/chart/Chart.yaml' => "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
	'charted/charts/chart/values.yaml' => "own: from-own-values\nimage: {}\n",
	'charted/charts/chart/templates/app.yaml' => <<'END',
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - name: a
        image: {{ .Values.image.name }}:{{ .Values.image.tag }}
        env:
        - {name: ENDPOINT, value: {{ .Values.endpoint | quote }}}
        - {name: OWN, value: {{ .Values.own }}}
        - {name: LEVEL, value: {{ .Values.level }}}
        - {name: TEXT, value: "http://from-template:3"}
END
);
$files{'over/patches/json.yaml'} =~ s/op: replace/op: add/;
my $dir = folder(%files);
chdir $dir;

# Whether FILE has TEXT at LINE:COLUMN.
sub stands_at
{
	my ($place, $text) = @_;
	my ($file, $line, $column) = $place =~ /^(.*):(\d+):(\d+)$/ or return "no place: $place";
	my @lines = split /\n/, $files{$file =~ s{^\Q$dir\E/}{}r} // return "unknown file $file";
	my $there = $line <= @lines ? substr($lines[$line - 1] . "\n", $column - 1) : '';
	return index($there, $text) == 0 ? '' : "$place says \"$there\", not \"$text\"";
}

# The places that `cleat why` names, as "kind FILE:LINE:COLUMN", each with the text that came from there.
sub origins
{
	my ($resource, $path, $target) = @_;
	my ($out, $err, $code) = run("cleat why '$resource' '$path' $target -o json");
	return ("failed: $err") if $code;
	my @found;
	for my $piece (@{decode_json($out)->{pieces}}) {
		my $origin = $piece->{origin} or next;
		push @found, [$piece->{text}, "$origin->{kind} $origin->{file}:$origin->{line}:$origin->{column}", $piece];
	}
	return @found;
}

# why(RESOURCE, PATH, TARGET, [text => file, what stands there]...): each text is written by that file.
sub why
{
	my ($resource, $path, $target, @wanted) = @_;
	my @found = origins($resource, $path, $target);
	for my $one (@wanted) {
		my ($text, $kind, $file, $there) = @$one;
		my ($hit) = grep { ref && $_->[0] eq $text } @found;
		my $name = "$target: $path: \"$text\" comes from $file";
		if (!$hit) { fail($name); diag(map { ref ? "$_->[0] <- $_->[1]\n" : $_ } @found); next }
		my ($got_kind, $place) = $hit->[1] =~ /^(\S+) (.*)$/;
		my $wrong = $got_kind ne $kind ? "kind $got_kind" : $place !~ /^\Q$file\E:/ ? "in $place" : stands_at($place, $there // $text);
		is($wrong, '', $name);
	}
}

my $web = 'Deployment/p-web-s';
my $first = 'spec.template.spec.containers[0]';
why($web, 'metadata.name', 'over', ['p-', 'file', 'over/kustomization.yaml'], ['web', 'file', 'base/app.yaml'], ['-s', 'file', 'over/kustomization.yaml']);
why($web, 'metadata.namespace', 'over', ['shop', 'file', 'over/kustomization.yaml']);
why($web, 'metadata.labels.stage', 'over', ['production', 'file', 'over/kustomization.yaml']);
why($web, 'metadata.annotations.owner', 'over', ['team-a', 'file', 'over/kustomization.yaml']);
why($web, 'spec.replicas', 'over', ['3', 'file', 'over/kustomization.yaml']);
why($web, 'spec.minReadySeconds', 'over', ['16', 'file', 'over/patches/json.yaml', '0x10']);
why($web, "$first.image", 'over', ['mirror.example.com/web', 'file', 'over/kustomization.yaml'], ['latest', 'file', 'over/kustomization.yaml']);
why($web, "$first.imagePullPolicy", 'over', ['Sometimes', 'file', 'over/patches/json.yaml']);
why($web, "$first.env[API_KEY].name", 'over', ['API_KEY', 'file', 'over/patches/env.yaml']);
why($web, "$first.env[HOST].value", 'over', ['http://from-patch:8080', 'file', 'over/patches/env.yaml']);
why($web, "$first.env[INLINE].value", 'over', ['http://from-inline:1', 'file', 'over/kustomization.yaml']);
why($web, "$first.env[PORT].value", 'over', ['80', 'file', 'base/app.yaml', '80']);
why($web, "$first.env[LONG].value", 'over', ['one ', 'file', 'base/app.yaml', 'one'], ['two', 'file', 'base/app.yaml']);
why($web, 'spec.template.spec.hostname', 'over', ['one-liner', 'file', 'over/kustomization.yaml']);
why($web, "$first.envFrom[1].secretRef.name", 'over', ['from-json', 'file', 'over/patches/json.yaml']);
why($web, "$first.envFrom[0].configMapRef.name", 'over', ['p-', 'file', 'over/kustomization.yaml'], ['settings', 'file', 'base/app.yaml']);
why($web, 'spec.template.spec.initContainers[0].command[2]', 'over', ['echo starting', 'file', 'base/app.yaml'],
	['until nc -z from-base 80; do sleep 1; done', 'file', 'base/app.yaml']);
why('Service/p-web-s', 'spec.type', 'over', ['ClusterIP', 'file', 'over/patches/env.yaml']);
why('Service/p-web-s', 'spec.selector.app', 'over', ['web', 'file', 'base/app.yaml']);
my ($map) = (run('cleat build over'))[0] =~ /name: (p-settings-s-\w+)/;
why("ConfigMap/$map", 'data.MODE', 'over', ['over-mode', 'file', 'over/kustomization.yaml']);
why("ConfigMap/$map", 'data.ADDED', 'over', ['http://from-literal:2', 'file', 'over/kustomization.yaml']);
why("ConfigMap/$map", 'data["app.ini"]', 'over', ['url = http://from-file:81/', 'file', 'base/conf/app.ini']);
why("ConfigMap/$map", 'metadata.name', 'over', ['settings', 'file', 'base/kustomization.yaml']);
my ($var) = grep { ref && $_->[0] =~ /web/ } origins($web, "$first.env[GREETING].value", 'over');
like($var ? $var->[1] : '', qr/^file base\/app\.yaml:/, 'a var brings the place of its field') ;

my ($out, $err, $code) = run('cleat why Secret/p-keys-s data.password over');
like($out, qr/over\/kustomization\.yaml:\d+:/, 'a generated secret names the literal');
unlike($out, qr/hunter2/, '... and does not show it');
($out) = run('cleat why Secret/p-keys-s data.TOKEN over');
like($out, qr/over\/keys\.env:2:/, 'one of an env file names its line');
unlike($out, qr/from-env-file/, '... and does not show it');

my $rel = 'Deployment/rel';
why($rel, "$first.image", 'charted', ['from-values-prod', 'values', 'charted/values-prod.yaml'], ['latest', 'values', 'charted/kustomization.yaml']);
why($rel, 'spec.replicas', 'charted', ['7', 'values', 'charted/values-prod.yaml']);
why($rel, "$first.env[ENDPOINT].value", 'charted', ['http://from-inline-values:9', 'values', 'charted/kustomization.yaml']);
why($rel, "$first.env[OWN].value", 'charted', ['from-own-values', 'values', 'charted/charts/chart/values.yaml']);
why($rel, "$first.env[LEVEL].value", 'charted', ['from-more', 'values', 'charted/more.yaml']);
why($rel, "$first.env[TEXT].value", 'charted', ['http://from-template:3', 'template', 'charted/charts/chart/templates/app.yaml']);
why($rel, "$first.workingDir", 'charted', ['/from-patch', 'file', 'charted/kustomization.yaml']);
why($rel, 'metadata.namespace', 'charted', ['shop', 'file', 'charted/kustomization.yaml']);
my ($endpoint) = origins($rel, "$first.env[ENDPOINT].value", 'charted');
is($endpoint->[2]{action}{file}, 'charted/charts/chart/templates/app.yaml', 'the template of an inflated chart is named from where one is');

# finding(TARGET, RULE, pattern of the message, file, what stands there)
my %findings;
sub finding
{
	my ($target, $rule, $pattern, $file, $there, $slot) = @_;
	$findings{$target} //= decode_json((run("cleat lint $target -o json"))[0]);
	my ($hit) = grep { $_->{rule} eq $rule && $_->{message} =~ $pattern } @{$findings{$target}{findings}};
	my $name = "$target: $rule at \"$there\" of $file";
	return fail("$name: not found") unless $hit;
	my $place = $hit->{$slot // 'template'};
	my $where = "$place->{file}:$place->{line}:$place->{column}";
	is($where !~ /^\Q$file\E:/ ? "in $where" : stands_at($where, $there), '', $name);
}

finding('over', 'wait-on-missing-service', qr/from-base/, 'base/app.yaml', 'from-base 80');
finding('over', 'cloud-token', qr/API_KEY/, 'over/patches/env.yaml', 'AKIAIOSFODNN7EXAMPLQ');
finding('over', 'dangling-endpoint', qr/from-patch/, 'over/patches/env.yaml', 'from-patch:8080');
finding('over', 'dangling-endpoint', qr/from-inline/, 'over/kustomization.yaml', 'from-inline:1');
finding('over', 'dangling-endpoint', qr/from-literal/, 'over/kustomization.yaml', 'from-literal:2');
finding('over', 'latest-tag', qr/mirror/, 'over/kustomization.yaml', 'latest}');
finding('over', 'dangling-endpoint', qr/from-file/, 'base/conf/app.ini', 'from-file:81');
finding('over', 'secret-ref-missing', qr/from-json/, 'over/patches/json.yaml', 'from-json');
finding('charted', 'latest-tag', qr/latest/, 'charted/kustomization.yaml', 'latest}', 'values');
finding('charted', 'latest-tag', qr/latest/, 'charted/charts/chart/templates/app.yaml', '.Values.image.tag');
finding('charted', 'dangling-endpoint', qr/from-template/, 'charted/charts/chart/templates/app.yaml', 'from-template:3');
finding('charted', 'dangling-endpoint', qr/from-inline-values/, 'charted/kustomization.yaml', 'http://from-inline-values', 'values');

# By other names.
is((run('cleat lint over/kustomization.yaml -o json'))[0] =~ s{built over/?}{}gr, (run('cleat lint over -o json'))[0] =~ s{built over/?}{}gr,
	'a kustomization can be named by its file');
($out) = run('cd over && cleat lint .');
like($out, qr{--> \.\./base/app\.yaml:\d+}, 'files are named from where one is');
like($out, qr{--> patches/env\.yaml:\d+}, '... those beside it, too');
($out) = run("cd / && cleat lint $dir/over");
like($out, qr{--> (?:\Q$dir\E|.*)/base/app\.yaml:\d+}, 'or in full');

# Suppressions stand where the value is written.
spew('over/patches/env.yaml', $files{'over/patches/env.yaml'} =~ s{( +value: http://from-patch)}{          # cleat:ignore dangling-endpoint: made by another team\n$1}r);
unlike((run('cleat lint over'))[0], qr/from-patch:8080, and nothing/, 'a comment in a patch suppresses what the patch wrote');

($out, $err, $code) = run('cleat why Deployment/web spec over');
like($err, qr/there is no Deployment\/web in this render; the nearest is Deployment\/p-web-s/, 'a name from before the prefix is answered with the nearest');
is($code, 1, '... and exit code 1');
($out, $err, $code) = run('cleat why --value a.b over');
like($err, qr/--value asks for a chart's values/, '--value wants a chart');
($out, $err, $code) = run('cleat why Deployment/x spec base/nope');
isnt($code, 0, 'what is not there fails');
chdir '/';
done_testing;
