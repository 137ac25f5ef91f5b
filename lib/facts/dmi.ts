import type { Fact } from './fact.ts';

/** Fact names by the kernel's name of the field. */
const FIELDS = {
  bios_date: 'bios_date',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  sys_vendor: 'system_vendor',
} as const;

/** Chassis types by number, from the SMBIOS reference specification 3.x, 7.4.1. */
const FORMS = (
  'Unknown,Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,Notebook,Hand Held,' +
  'Docking Station,All In One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,Sub Chassis,' +
  'Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system,CompactPCI,' +
  'AdvancedTCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,Stick PC'
).split(',');

/** What the firmware says the machine is; `NA` where it says nothing or only root may read it. */
export const dmi: Fact = {
  name: 'dmi',
  subset: 'hardware',
  files: [...Object.keys(FIELDS), 'chassis_type'].map(field => `/sys/class/dmi/id/${field}`),
  parse(seen) {
    const read = (field: string) => seen.file(`/sys/class/dmi/id/${field}`)?.trim();
    const form = read('chassis_type');
    return {
      ...Object.fromEntries(Object.entries(FIELDS).map(([field, name]) => [name, read(field) || 'NA'])),
      form_factor: form === undefined ? 'NA' : (FORMS[Number(form)] ?? 'NA'),
    };
  },
};
