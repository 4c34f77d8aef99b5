// Each generated binding has its constants and requests in classes of the same names.
global using KvmConstants = HvBindgen.Kvm.Abi.Constants;
global using KvmSystem = HvBindgen.Kvm.Abi.SystemIoctls;
global using KvmSystemX64 = HvBindgen.Kvm.Abi.X64.SystemIoctls;
global using KvmVcpu = HvBindgen.Kvm.Abi.VcpuIoctls;
global using KvmVcpuX64 = HvBindgen.Kvm.Abi.X64.VcpuIoctls;
global using KvmVm = HvBindgen.Kvm.Abi.VmIoctls;
global using KvmVmX64 = HvBindgen.Kvm.Abi.X64.VmIoctls;
global using KvmX64 = HvBindgen.Kvm.Abi.X64.Constants;
