// Both generated bindings name classes of requests after kinds of descriptor.
global using KvmConstants = HvBindgen.Kvm.Abi.KvmConstants;
global using KvmSystem = HvBindgen.Kvm.Abi.SystemIoctls;
global using KvmSystemX64 = HvBindgen.Kvm.Abi.X64.SystemIoctls;
global using KvmVcpu = HvBindgen.Kvm.Abi.VcpuIoctls;
global using KvmVcpuX64 = HvBindgen.Kvm.Abi.X64.VcpuIoctls;
global using KvmVm = HvBindgen.Kvm.Abi.VmIoctls;
global using KvmVmX64 = HvBindgen.Kvm.Abi.X64.VmIoctls;
global using KvmX64 = HvBindgen.Kvm.Abi.X64.KvmConstants;
