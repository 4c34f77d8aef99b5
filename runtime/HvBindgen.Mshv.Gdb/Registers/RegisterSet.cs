using System.Runtime.InteropServices;
using System.Text;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>All registers of an architecture in gdb's order, and how they are read and written.</summary>
internal abstract class RegisterSet
{
    private readonly uint[] names;
    private readonly string architecture;
    private readonly IReadOnlyDictionary<string, string> types;

    /// <param name="architecture">gdb's name of the architecture.</param>
    /// <param name="registers">Registers in gdb's order.</param>
    /// <param name="names">Those of the hypervisor that they are made of.</param>
    /// <param name="types">Types that a feature's registers have beside gdb's own, by feature.</param>
    protected RegisterSet(
        string architecture, IReadOnlyList<GdbRegister> registers, uint[] names, IReadOnlyDictionary<string, string> types)
    {
        this.architecture = architecture;
        this.names = names;
        this.types = types;
        Registers = registers;
        SizeBytes = registers.Sum(register => register.SizeBytes);
        Description = Encoding.ASCII.GetBytes(Describe());
    }

    internal IReadOnlyList<GdbRegister> Registers { get; }

    /// <summary>Size of all of them together.</summary>
    internal int SizeBytes { get; }

    /// <summary>The description that gdb asks for (target.xml).</summary>
    internal ReadOnlyMemory<byte> Description { get; }

    internal static RegisterSet Of(GuestArchitecture architecture) =>
        architecture == GuestArchitecture.X64 ? X64RegisterSet.Instance : Arm64RegisterSet.Instance;

    /// <summary>Reads a processor's registers.</summary>
    internal RegisterImage Read(VirtualProcessor processor)
    {
        RegisterImage image = new(names);
        Get(processor, names, image.Values);
        return image;
    }

    /// <summary>Writes those that differ: writing others back is not free of effects.</summary>
    internal void Write(VirtualProcessor processor, RegisterImage before, RegisterImage after)
    {
        List<uint> changed = [];
        List<hv_u128> values = [];
        for (int i = 0; i < names.Length; i++)
        {
            if (after.Values[i].low_part != before.Values[i].low_part || after.Values[i].high_part != before.Values[i].high_part)
            {
                changed.Add(names[i]);
                values.Add(after.Values[i]);
            }
        }

        Set(processor, CollectionsMarshal.AsSpan(changed), CollectionsMarshal.AsSpan(values));
    }

    /// <summary>Writes a register's value as gdb wants it.</summary>
    internal static void Encode(GdbRegister register, RegisterImage image, Span<byte> bytes)
    {
        hv_u128 value = register.Get(image);
        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_u128>(in value))[..register.SizeBytes].CopyTo(bytes);
    }

    /// <summary>Takes a register's value as gdb gives it.</summary>
    internal static void Decode(GdbRegister register, RegisterImage image, ReadOnlySpan<byte> bytes)
    {
        hv_u128 value = default;
        bytes[..register.SizeBytes].CopyTo(MemoryMarshal.AsBytes(new Span<hv_u128>(ref value)));
        register.Set(image, value);
    }

    protected abstract void Get(VirtualProcessor processor, ReadOnlySpan<uint> names, Span<hv_u128> values);

    protected abstract void Set(VirtualProcessor processor, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values);

    private string Describe()
    {
        StringBuilder text = new("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">");
        _ = text.Append($"<architecture>{architecture}</architecture>");
        foreach (IGrouping<string, GdbRegister> feature in Registers.GroupBy(register => register.Feature))
        {
            _ = text.Append($"<feature name=\"{feature.Key}\">{types.GetValueOrDefault(feature.Key)}");
            foreach (GdbRegister register in feature)
            {
                _ = text.Append($"<reg name=\"{register.Name}\" bitsize=\"{register.SizeBits}\" type=\"{register.Type}\"/>");
            }

            _ = text.Append("</feature>");
        }

        return text.Append("</target>").ToString();
    }
}
