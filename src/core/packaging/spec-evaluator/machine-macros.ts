/** Macros that tell the machine, e.g. `x86_64`, as rpm has them for a build on it. */
export function machineMacros(machine: string): Record<string, string> {
  const isIntel32 = /^i[3-6]86$/.test(machine);
  const is64 = machine.includes("64") || machine === "s390x";
  return {
    _arch: isIntel32 ? "i386" : machine,
    _target_cpu: machine,
    _build_cpu: machine,
    _host_cpu: machine,
    _build_arch: machine,
    _os: "linux",
    _target_os: "linux",
    _lib: is64 ? "lib64" : "lib",
    __isa_bits: is64 ? "64" : "32",
  };
}
