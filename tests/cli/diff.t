#!/usr/bin/perl
# `cleat diff`: what differs, between what, and why.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use JSON::PP;
use Test::More;

my %chart = (
	'Chart.yaml'  => "apiVersion: v2\nname: t\nversion: 1.0.0\n",
	'values.yaml' => "image: app:1\nreplicas: 1\nport: 80\n",
	'templates/app.yaml' => <<'END',
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: main
          image: {{ .Values.image }}
          ports:
            - containerPort: {{ .Values.port }}
          env:
            - {name: A, value: "1"}
            - {name: B, value: "2"}
---
apiVersion: v1
kind: Service
metadata:
  name: app
spec:
  ports:
    - {name: http, port: 80}
END
);
my $dir = folder(%chart, 'a.yaml' => "image: app:1\n", 'b.yaml' => "image: app:2\nreplicas: 4\n");
chdir $dir;
my ($out, $err, $code);
my $want = <<'END';
Deployment/app spec.replicas: 1 -> 4
    from b.yaml:2 replicas, templates/app.yaml:6
Deployment/app spec.template.spec.containers[main].image: app:1 -> app:2
    from b.yaml:1 image, templates/app.yaml:13
1 of 2 resources differ: 1 changed (2 fields), 0 added, 0 removed
END
for my $way ('a.yaml b.yaml', '. -f a.yaml -f b.yaml', '-f a.yaml -f b.yaml', '. --values-a a.yaml --values-b b.yaml',
	'a.yaml b.yaml --chart .') {
	($out, $err, $code) = run("cleat diff $way");
	is($out, $want, "two values files: cleat diff $way");
	is($code, 1, 'different: 1');
}
($out, $err, $code) = run('cleat diff . .');
is("$code$out", '0', 'the same: 0, and not a word');
($out, $err, $code) = run('cleat diff . . --values-b b.yaml');
is($out, $want, 'two charts, one with values of its own');
($out, $err, $code) = run('cleat render x . | cleat diff --release x - .');
is("$code$out", '0', 'standard input against the chart that made it');
($out, $err, $code) = run('cleat diff . . --values-b b.yaml --set replicas=9');
unlike($out, qr/replicas: /, '--set counts for both sides');
($out, $err, $code) = run("cleat diff . . --values-b b.yaml; cleat diff a.yaml b.yaml --set-string image=x");
like($out, qr/spec\.replicas: 1 -> 4\n[^\n]*\n1 of 2/, 'a flag goes over both files');

for my $bad ('', '.', '. . .', '. nope', 'nope .', '- -', '. --nope', '. . -o xml', '. --values-a nope.yaml') {
	($out, $err, $code) = run("cleat diff $bad");
	is($code, 2, "trouble: 2 (cleat diff $bad)");
	like($err, qr/^Error: /, 'with an error');
	is($out, '', 'and no output');
}
spew('broken.yaml', "a: [\n");
is((run('cleat diff broken.yaml .'))[2], 2, 'what is no YAML is trouble');

# --- what a cluster adds ---

my $cluster = <<'END';
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: app
    namespace: default
    uid: 1-2-3
    resourceVersion: "77"
    creationTimestamp: "2026-01-01T00:00:00Z"
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"v1"}
  spec:
    clusterIP: 10.0.0.1
    clusterIPs: [10.0.0.1]
    type: ClusterIP
    sessionAffinity: None
    ipFamilies: [IPv4]
    ipFamilyPolicy: SingleStack
    internalTrafficPolicy: Cluster
    ports:
    - {name: http, port: 80, protocol: TCP}
  status: {loadBalancer: {}}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: app
    namespace: default
    generation: 3
  spec:
    replicas: 1
    progressDeadlineSeconds: 600
    revisionHistoryLimit: 10
    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
    selector: {matchLabels: {a: b}}
    template:
      metadata: {labels: {a: b}}
      spec:
        restartPolicy: Always
        dnsPolicy: ClusterFirst
        schedulerName: default-scheduler
        securityContext: {}
        terminationGracePeriodSeconds: 30
        containers:
        - name: main
          image: app:1
          imagePullPolicy: IfNotPresent
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
          resources: {}
          ports:
          - {containerPort: 80, protocol: TCP}
          env:
          - {name: B, value: "2"}
          - {name: A, value: "1"}
END
($out, $err, $code) = run('cleat diff --ignore-cluster-defaults - .', $cluster);
is("$code$out", '0', '--ignore-cluster-defaults: what kubectl gets is what the chart says');
($out, $err, $code) = run('cleat diff --ignore-cluster-defaults . -', $cluster);
is("$code$out", '0', 'on either side');
($out, $err, $code) = run('cleat diff - .', $cluster);
is($code, 1, 'without it, all that counts');
unlike($out, qr/env\[/, 'but never the order of a list with names');
(my $drifted = $cluster) =~ s/replicas: 1/replicas: 5/;
($out, $err, $code) = run('cleat diff --ignore-cluster-defaults - .', $drifted);
like($out, qr/^Deployment\/app spec\.replicas: 5 -> 1$/m, 'drift shows');

# What an API server makes of amounts, claims, services and secrets, and Helm of what it installs.
my $said = <<'END';
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, labels: {a: b}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      serviceAccountName: runner
      containers:
      - name: main
        image: app:1
        resources: {requests: {cpu: 0.5, memory: 1024Mi}, limits: {cpu: 2}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: p}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: hunter2, user: me}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, ports: [{port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {status: one, protocol: TCP}
END
my $got = <<'END';
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: default
  annotations: {meta.helm.sh/release-name: x, meta.helm.sh/release-namespace: default}
  labels: {a: b, app.kubernetes.io/managed-by: Helm}
spec:
  replicas: 1
  selector: {matchLabels: {a: b}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
  template:
    metadata: {creationTimestamp: null, labels: {a: b}}
    spec:
      serviceAccount: runner
      serviceAccountName: runner
      containers:
      - name: main
        image: app:1
        resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: "2"}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: p
  annotations: {pv.kubernetes.io/bind-completed: "yes", volume.kubernetes.io/selected-node: n}
  finalizers: [kubernetes.io/pvc-protection]
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}, storageClassName: standard, volumeMode: Filesystem, volumeName: pvc-1}
status: {phase: Bound}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
type: Opaque
data: {password: aHVudGVyMg==, user: bWU=}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, clusterIPs: [None], ports: [{port: 80, targetPort: 80, protocol: TCP}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {status: one, protocol: TCP}
END
spew('said.yaml', $said);
for my $sides ('- said.yaml', 'said.yaml -') {
	($out, $err, $code) = run("cleat diff --ignore-cluster-defaults $sides", $got);
	is("$code$out", '0', "what an API server adds is left out ($sides)");
}
# What looks like it and is a change.
for (['maxSurge: 25%', 'maxSurge: 50%', 'strategy'], ['type: RollingUpdate, rollingUpdate: \{maxSurge: 25%, maxUnavailable: 25%\}', 'type: Recreate', 'strategy'],
	['cpu: 500m', 'cpu: 501m', 'requests\.cpu: 501m -> 0\.5'], ['bWU=', 'eW91', 'Secret/s (?:data|stringData)'], ['status: one, ', '', 'data\.status'],
	[', protocol: TCP\}\n\z', "}\n", 'data\.protocol'], ['clusterIP: None, clusterIPs: \[None\]', 'clusterIP: 10.0.0.7', 'spec\.clusterIP: 10\.0\.0\.7 -> None'],
	['storage: 10Gi', 'storage: 20Gi', 'requests\.storage']) {
	(my $changed = $got) =~ s/$_->[0]/$_->[1]/;
	isnt($changed, $got, "a change: $_->[1]");
	like((run('cleat diff --ignore-cluster-defaults - said.yaml', $changed))[0], qr/$_->[2]/, 'is shown');
}

# --- secrets ---

sub secret { my ($v) = @_; return <<"END" }
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"k":"$v-one"}}'
data: {k: $v-two}
stringData: {other: $v-three}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: c
    env:
    - {name: DB_PASSWORD, value: $v-four}
    - {name: DATABASE_URL, value: "postgres://user:$v-five\@db/x"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  app.conf: |
    # comment
    password = $v-six
END
my $both = folder('a.yaml' => secret('oldsecret'), 'b.yaml' => secret('newsecret'), 'none.yaml' => "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n");
for my $format (qw(text json markdown)) {
	($out, $err, $code) = run("cleat diff $both/a.yaml $both/b.yaml -o $format");
	is($code, 1, "secrets differ ($format)");
	unlike($out, qr/secret-(one|two|three|four|five|six)/, 'and none is shown');
	($out, $err, $code) = run("cleat diff $both/none.yaml $both/b.yaml -o $format");
	unlike($out, qr/secret-(one|two|three|four|five|six)/, 'nor where a whole part is new');
}

# --- formats ---

($out, $err, $code) = run('cleat diff a.yaml b.yaml -o json');
my $json = decode_json($out);
is($json->{changed}, 1, 'json counts');
is_deeply($json->{changes}[0], {kind => 'changed', resource => 'Deployment/app', path => 'spec.replicas', before => '1',
	after => '4', template => {file => 'templates/app.yaml', line => 6}, values => {file => 'b.yaml', line => 2, path => 'replicas'}},
	'and says what, where and why');
($out, $err, $code) = run('cleat diff a.yaml b.yaml -o markdown');
like($out, qr/^\| <code>spec\.replicas<\/code> \| <code>1<\/code> \| <code>4<\/code> \| <code>b\.yaml:2 replicas, templates\/app\.yaml:6<\/code> \|$/m,
	'markdown has a row a field');
($out, $err, $code) = run("cleat diff a.yaml b.yaml --set 'image=a|b`c' --values-b /dev/null -o markdown; cleat diff . . --values-b b.yaml -o markdown --set-string port='1|2`<b>'");
unlike($out, qr/<b>/, 'whose text can not end its cell');
($out, $err, $code) = run('cleat diff a.yaml b.yaml --color always');
like($out, qr/\e\[32m4\e\[0m/, 'colours where they are asked for');
unlike((run('cleat diff a.yaml b.yaml'))[0], qr/\e/, 'none where the output is no terminal');
spew('evil.yaml', qq(image: "\\e[31mred"\n));
unlike((run('cleat diff a.yaml evil.yaml'))[0], qr/\e/, 'a control character from a values file is never printed as it is');

# --- added, removed, texts of several lines, many keys ---

my $texts = folder(
	'a.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: x}\ndata:\n  t: |\n    one\n    two\n    three\n"
		. "---\napiVersion: v1\nkind: Service\nmetadata: {name: gone}\n",
	'b.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: x}\ndata:\n  t: |\n    one\n    2\n    three\n"
		. "---\napiVersion: v1\nkind: Service\nmetadata: {name: new}\n");
($out, $err, $code) = run("cd $texts && cleat diff a.yaml b.yaml");
is($out, <<'END', 'texts by their first line that differs; what came and what went; their lines');
ConfigMap/x/c data.t line 2: two -> 2
    from b.yaml:7
Service/gone: removed
    from a.yaml:10
Service/new: added
    from b.yaml:10
3 of 3 resources differ: 1 changed (1 field), 1 added, 1 removed
END
sub many { my ($n) = @_; return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n" . join('', map { "  k$_: v\n" } 1 .. $n) }
my $large = folder('a.yaml' => many(40000), 'b.yaml' => many(40001));
my $started = time;
($out, $err, $code) = run("cleat diff $large/a.yaml $large/b.yaml");
like($out, qr/data\.k40001: nothing -> v/, 'a map of 40,000 keys');
cmp_ok(time - $started, '<', 8, 'in no time that grows with its square');

# --- kustomizations and git ---

my $kustom = folder('base/kustomization.yaml' => "resources: [a.yaml]\n",
	'base/a.yaml' => "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 1}\n",
	'over/kustomization.yaml' => "resources: [../base]\nreplicas: [{name: d, count: 3}]\n");
($out, $err, $code) = run("cd $kustom && cleat diff base over");
like($out, qr/^Deployment\/d spec\.replicas: 1 -> 3$/m, 'two kustomizations');

SKIP: {
	skip 'git is not there', 1 unless find_program('git');
	local @ENV{qw(GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_CONFIG_NOSYSTEM HOME)} =
		('t', 't@example.com', 't', 't@example.com', 1, $dir);
	my $git = folder(map { ("deploy/chart/$_" => $chart{$_}) } keys %chart);
	chdir $git;
	spew('deploy/prod.yaml', "replicas: 2\n");
	spew('deploy/over/kustomization.yaml', "resources: [../base]\n");
	spew('deploy/base/kustomization.yaml', "resources: [a.yaml]\n");
	spew('deploy/base/a.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {x: '1'}\n");
	symlink '../values.yaml', 'deploy/chart/templates/none' or die;
	run('git init -q -b main . && git add -A && git commit -qm one && git checkout -qb topic');
	run("sed -i 's/app:1/app:2/' deploy/chart/values.yaml; sed -i \"s/'1'/'2'/\" deploy/base/a.yaml; git commit -qam two");
	run("git checkout -q main; sed -i 's/port: 80/port: 81/' deploy/chart/values.yaml; git commit -qam three; git checkout -q topic");
	run("sed -i 's/replicas: 1/replicas: 7/' deploy/chart/values.yaml");
	($out, $err, $code) = run('cleat diff deploy/chart --rev main~1..topic');
	is($out, <<'END', '--rev A..B');
Deployment/app spec.template.spec.containers[main].image: app:1 -> app:2
    from deploy/chart/values.yaml:1 image, deploy/chart/templates/app.yaml:13
1 of 2 resources differ: 1 changed (1 field), 0 added, 0 removed
END
	($out, $err, $code) = run('cleat diff deploy/chart --rev main..topic');
	like($out, qr/containerPort: 81 -> 80|ports\[81\]/, 'two dots compare the ends');
	($out, $err, $code) = run('cleat diff deploy/chart --rev main...topic');
	unlike($out, qr/81/, 'three dots compare with where they parted');
	($out, $err, $code) = run('cleat diff deploy/chart --rev HEAD');
	is($out =~ s/\n.*//rs, 'Deployment/app spec.replicas: 1 -> 7', 'one revision: with the files as they are');
	($out, $err, $code) = run('cd deploy && cleat diff chart --rev main..HEAD -f prod.yaml');
	like($out, qr/app:1 -> app:2/, 'from a folder below, with a values file of each revision');
	($out, $err, $code) = run('cleat diff deploy/over --rev main..HEAD');
	like($out, qr/^ConfigMap\/m data\.x: 1 -> 2$/m, 'a kustomization with its bases');
	for my $rev ('nope', 'nope..main', '--upload-pack=x', '-h', 'main..nope', '$(touch x)') {
		($out, $err, $code) = run("cleat diff deploy/chart --rev='$rev'");
		is($code, 2, "no revision: $rev");
		like($err, qr/there is no revision/, 'is said');
	}
	ok(!-e 'x', 'and nothing is run');
	is((run('git status --porcelain'))[0], " M deploy/chart/values.yaml\n", 'the work tree is as it was');
	chdir $dir;
	($out, $err, $code) = run('cleat diff . --rev main..HEAD');
	is($code, 2, 'outside of a repository');
	like($err, qr/--rev needs a git repository/, 'that is said');
}
chdir '/';
done_testing();
