using System.Runtime.InteropServices;

namespace HvBindgen.Mshv;

/// <summary>Processor architecture of guests, which is that of the host unless an emulated device says otherwise: it decides what a
/// register's number means.</summary>
public enum GuestArchitecture
{
    /// <summary>x86-64; registers of <c>HvBindgen.Mshv.Abi.X64</c>.</summary>
    X64,

    /// <summary>64-bit ARM; registers of <c>HvBindgen.Mshv.Abi.Arm64</c>.</summary>
    Arm64,
}

internal static class HostArchitecture
{
    /// <summary>Architecture of the machine this process runs on.</summary>
    internal static GuestArchitecture Current =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? GuestArchitecture.Arm64 : GuestArchitecture.X64;
}
