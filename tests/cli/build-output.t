#!/usr/bin/env perl
# Where `cleat build -o` writes: a file, or a folder that gets a file a resource, named as `kubectl kustomize` names them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

sub resource
{
	my ($api, $kind, $name, $namespace) = @_;
	return "apiVersion: $api\nkind: $kind\nmetadata:\n  name: $name\n" . ($namespace ? "  namespace: $namespace\n" : '');
}

# Builds these resources into a fresh folder.
sub into_folder
{
	my $dir = folder('kustomization.yaml' => "resources: [all.yaml]\n", 'all.yaml' => join("---\n", @_));
	mkdir "$dir/out" or die "mkdir: $!\n";
	my ($out, $err, $code) = run("cleat build -o $dir/out $dir");
	is($out, '', 'nothing goes to standard output');
	return ($code, $err, { map { s{.*/}{}r => slurp($_) } glob "$dir/out/*" });
}

my $role = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', '"system:View"');
my ($code, $err, $files) = into_folder(resource('v1', 'Service', 'Web', 'one'),
	resource('apps/v1', 'Deployment', 'web'), $role);
is($code, 0, 'a folder is written');
is_deeply([sort keys %$files], ['default_apps_v1_deployment_web.yaml', 'one_v1_service_web.yaml',
	'rbac.authorization.k8s.io_v1_clusterrole_system:view.yaml'], 'with the namespace where there are several');
is($files->{'one_v1_service_web.yaml'}, resource('v1', 'Service', 'Web', 'one'), 'each file has its resource');

($code, $err, $files) = into_folder(resource('v1', 'Service', 'web', 'one'), $role);
is_deeply([sort keys %$files], ['rbac.authorization.k8s.io_v1_clusterrole_system:view.yaml', 'v1_service_web.yaml'],
	'without where there is one');

($code, $err, $files) = into_folder(resource('v1', 'Service', 'web'), resource('v1', 'ConfigMap', '../../web'));
is($code, 1, 'a name that leads elsewhere is refused');
like($err, qr{^error: v1_configmap_\.\./\.\./web\.yaml can't be the name of a file in }, 'by name');
is_deeply($files, {}, 'and nothing is written');

($code, $err, $files) = into_folder(resource('v1', 'Service', 'web'), resource('v1', 'Service', 'WEB'));
like($err, qr{^error: two resources would be written to v1_service_web\.yaml in }, 'so are two for one file');
is_deeply($files, {}, 'with nothing written');

my $dir = folder('kustomization.yaml' => "resources: [all.yaml]\n", 'all.yaml' => $role, 'old.yaml' => 'old');
(undef, $err, $code) = run("cleat build -o $dir/old.yaml $dir");
is($code, 0, 'a file is written');
like(slurp("$dir/old.yaml"), qr/^apiVersion: rbac/, 'over what was there');
(undef, $err, $code) = run("cleat build -o $dir/old.yaml $dir/missing");
is($code, 1, 'a build that fails');
like(slurp("$dir/old.yaml"), qr/^apiVersion: rbac/, 'leaves it alone');
done_testing;
