using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>A register as gdb knows it.</summary>
/// <param name="Feature">The standard feature of gdb that it belongs to.</param>
/// <param name="Name">gdb's name.</param>
/// <param name="SizeBits">Size.</param>
/// <param name="Type">gdb's type.</param>
/// <param name="Get">Takes its value from those of the hypervisor.</param>
/// <param name="Set">Puts its value into those of the hypervisor.</param>
internal sealed record GdbRegister(
    string Feature,
    string Name,
    int SizeBits,
    string Type,
    Func<RegisterImage, hv_u128> Get,
    Action<RegisterImage, hv_u128> Set)
{
    internal int SizeBytes => SizeBits / 8;
}
