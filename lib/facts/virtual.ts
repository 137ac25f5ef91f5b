import { sh } from '../shell/sh.ts';
import type { Fact, Seen } from './fact.ts';

type Kind = { readonly type: string; readonly role: 'guest' | 'host'; readonly tech: readonly string[] };

/** What the host is a guest of, or that it is host of guests. */
export const virtual: Fact = {
  name: 'virtual',
  subset: 'virtual',
  files: [
    '/proc/1/cgroup',
    '/proc/xen/capabilities',
    '/proc/modules',
    '/run/systemd/container',
    '/sys/class/dmi/id/product_name',
    '/sys/class/dmi/id/product_family',
    '/sys/class/dmi/id/sys_vendor',
    '/sys/class/dmi/id/bios_vendor',
  ],
  probe: sh`for tp_path in /.dockerenv /.dockerinit /run/.containerenv /proc/vz /proc/bc /proc/xen /dev/kvm /dev/lxd/sock; do
  [ -e "$tp_path" ] && printf '%s\n' "$tp_path"
done
[ ! -r /proc/1/environ ] || ! grep -q container=lxc /proc/1/environ 2>/dev/null || printf 'lxc\n'
grep -sm 1 -oE 'QEMU Virtual CPU|User Mode Linux|PowerVM|IBM/S390|hypervisor' /proc/cpuinfo`,
  parse(seen) {
    const there = new Set(seen.out.split('\n'));
    const guest = container(seen, there) ?? machine(seen, there);
    const hosts = hostOf(seen, there);
    const best = guest ?? hosts[0];
    return {
      virtualization_type: best?.type ?? 'NA',
      virtualization_role: best?.role ?? 'NA',
      virtualization_tech_guest: [...(guest?.tech ?? [])].sort(),
      virtualization_tech_host: hosts.map(h => h.type).sort(),
    };
  },
};

const guest = (type: string, ...tech: string[]): Kind => ({ type, role: 'guest', tech: [type, ...tech] });

function container(seen: Seen, there: ReadonlySet<string>): Kind | undefined {
  const cgroup = seen.file('/proc/1/cgroup') ?? '';
  const told = seen.file('/run/systemd/container');
  if (/\/docker[-/]/.test(cgroup) || there.has('/.dockerenv') || there.has('/.dockerinit') || told === 'docker')
    return guest('docker', 'container');
  if (there.has('/run/.containerenv') || told === 'podman') return guest('podman', 'container');
  if (/\/(?:lxc|machine\.slice\/machine-lxc)/.test(cgroup) || told === 'lxc' || there.has('lxc'))
    return guest('lxc', 'container');
  // as Ansible: the name of any other (systemd-nspawn) is a technique, not the type
  if (told !== undefined) return guest('container', told);
  return there.has('/proc/vz') && !there.has('/proc/bc') ? guest('openvz', 'container') : undefined;
}

/** Virtual machines by what their firmware calls itself. */
const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/^(KVM|KVM Server|Bochs|AHV)$/, 'kvm'],
  [/VMware/, 'VMware'],
  [/^OpenStack/, 'openstack'],
  [/^VirtualBox$/, 'virtualbox'],
  [/^HVM domU$/, 'xen'],
  [/^Parallels/, 'parallels'],
  [/^RHEV Hypervisor$/, 'RHEV'],
  [/^Google Compute Engine$/, 'kvm'],
];
const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/^Microsoft Corporation$/, 'VirtualPC'],
  [/^Parallels/, 'parallels'],
  [/^(QEMU|oVirt|Amazon EC2|DigitalOcean|Hetzner|Nutanix|KubeVirt|Scaleway)$/, 'kvm'],
  [/^OpenStack/, 'openstack'],
];

function machine(seen: Seen, there: ReadonlySet<string>): Kind | undefined {
  if (there.has('/proc/xen') && !seen.file('/proc/xen/capabilities')?.includes('control_d')) return guest('xen');
  const product = seen.file('/sys/class/dmi/id/product_name')?.trim() ?? '';
  const vendor = seen.file('/sys/class/dmi/id/sys_vendor')?.trim() ?? '';
  if (vendor === 'Red Hat' && seen.file('/sys/class/dmi/id/product_family')?.trim() === 'RHV') return guest('RHEV');
  const known = PRODUCTS.find(([p]) => p.test(product)) ?? VENDORS.find(([v]) => v.test(vendor));
  // A vendor that builds machines too: only the product tells.
  if (known !== undefined && !(known[1] === 'VirtualPC' && product !== 'Virtual Machine')) return guest(known[1]);
  if (vendor === 'Red Hat') return guest('kvm');
  if (there.has('QEMU Virtual CPU')) return guest('kvm');
  if (there.has('User Mode Linux')) return guest('uml');
  if (there.has('PowerVM')) return guest('powervm_lx86', 'PowerVM');
  if (there.has('IBM/S390')) return guest('PR/SM', 'LPAR');
  if (there.has('hypervisor') && /^virtio /m.test(seen.file('/proc/modules') ?? '')) return guest('kvm');
  return undefined;
}

function hostOf(seen: Seen, there: ReadonlySet<string>): readonly Kind[] {
  const host = (type: string): Kind => ({ type, role: 'host', tech: [] });
  const modules = seen.file('/proc/modules') ?? '';
  return [
    ...(seen.file('/proc/xen/capabilities')?.includes('control_d') ? [host('xen')] : []),
    ...(/^kvm /m.test(modules) || there.has('/dev/kvm') ? [host('kvm')] : []),
    ...(/^vboxdrv /m.test(modules) ? [host('virtualbox')] : []),
    ...(there.has('/proc/vz') && there.has('/proc/bc') ? [host('openvz')] : []),
  ];
}
