// Both generated bindings name classes of requests after kinds of descriptor.
global using KvmConstants = HvBindgen.Kvm.Abi.KvmConstants;
global using KvmSystem = HvBindgen.Kvm.Abi.KvmSystemIoctls;
global using KvmSystemX64 = HvBindgen.Kvm.Abi.X64.KvmSystemIoctls;
global using KvmVcpu = HvBindgen.Kvm.Abi.KvmVcpuIoctls;
global using KvmVcpuX64 = HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls;
global using KvmVm = HvBindgen.Kvm.Abi.KvmVmIoctls;
global using KvmVmX64 = HvBindgen.Kvm.Abi.X64.KvmVmIoctls;
global using KvmX64 = HvBindgen.Kvm.Abi.X64.KvmConstants;
