using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <summary>Moves registers between a caller and a processor: by the register page what is on it while it is valid, by hypercall the
/// rest.</summary>
internal static class RegisterTransfer
{
    internal static void Get(VirtualProcessor processor, in VirtualProcessor.Access access, ReadOnlySpan<uint> names, Span<hv_u128> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, names.Length, nameof(values));
        RegisterPage page = processor.RegisterPage;
        bool usePage = page.IsValid;
        for (int start = 0; start < names.Length;)
        {
            if (usePage && page.TryGet(names[start], out hv_u128 value))
            {
                values[start++] = value;
                continue;
            }

            int end = EndOfHypercall(names, start, usePage);
            HypercallResult result = RegisterHypercalls.Get(access.Descriptor, processor.Index, names[start..end], values[start..end]);
            if (!result.IsSuccess)
            {
                GetSingly(processor, access, names[start..end], values[start..end], result);
            }

            start = end;
        }
    }

    internal static void Set(
        VirtualProcessor processor, in VirtualProcessor.Access access, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, names.Length, nameof(values));
        processor.Redirection.Note(names, processor.Architecture);
        RegisterPage page = processor.RegisterPage;
        bool usePage = page.IsValid;

        // The page comes last, for the reasons that it gives.
        for (int start = 0; start < names.Length;)
        {
            if (usePage && RegisterPage.Contains(names[start]))
            {
                start++;
                continue;
            }

            int end = EndOfHypercall(names, start, usePage);
            HypercallResult result = RegisterHypercalls.Set(access.Descriptor, processor.Index, names[start..end], values[start..end]);
            if (!result.IsSuccess)
            {
                SetSingly(processor, access, names[start..end], values[start..end], result);
            }

            start = end;
        }

        if (usePage)
        {
            page.Set(names, values);
        }
    }

    private static int EndOfHypercall(ReadOnlySpan<uint> names, int start, bool usePage)
    {
        int end = start + 1;
        while (end < names.Length && !(usePage && RegisterPage.Contains(names[end])))
        {
            end++;
        }

        return end;
    }

    // How many elements a failed call completed is the hypervisor's word, and it has not always told it: ask each by itself.
    private static void GetSingly(
        VirtualProcessor processor, in VirtualProcessor.Access access, ReadOnlySpan<uint> names, Span<hv_u128> values,
        HypercallResult batch)
    {
        for (int i = 0; i < names.Length; i++)
        {
            HypercallResult result = names.Length == 1
                ? batch
                : RegisterHypercalls.Get(access.Descriptor, processor.Index, names.Slice(i, 1), values.Slice(i, 1));
            result.ThrowIfFailed($"Reading {Describe(processor, names[i])} of virtual processor {processor.Index}");
        }
    }

    private static void SetSingly(
        VirtualProcessor processor, in VirtualProcessor.Access access, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values,
        HypercallResult batch)
    {
        for (int i = 0; i < names.Length; i++)
        {
            HypercallResult result = names.Length == 1
                ? batch
                : RegisterHypercalls.Set(access.Descriptor, processor.Index, names.Slice(i, 1), values.Slice(i, 1));
            result.ThrowIfFailed(
                $"Writing 0x{values[i].high_part:x16}{values[i].low_part:x16} to {Describe(processor, names[i])} of virtual processor "
                    + $"{processor.Index}");
        }
    }

    /// <summary>The register's name, for a message.</summary>
    internal static string Describe(VirtualProcessor processor, uint name) => processor.Architecture == GuestArchitecture.X64
        ? $"{(Abi.X64.hv_register_name)name} (0x{name:x})"
        : $"{(Abi.Arm64.hv_register_name)name} (0x{name:x})";
}
