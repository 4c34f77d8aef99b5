namespace HvBindgen.Mshv.Boot;

/// <summary>What a guest is told by ACPI of the monitor's devices.</summary>
public sealed record AcpiDevices
{
    /// <summary>No devices: an empty DSDT, and no way to switch the machine off.</summary>
    public static AcpiDevices None { get; } = new();

    /// <summary>The DSDT's definitions in ACPI's machine language, without the table's header.</summary>
    public ReadOnlyMemory<byte> Definitions { get; init; }

    /// <summary>Port of the sleep control register, which the sleep status register follows; each has one byte. The guest switches the
    /// machine off by writing what the package <c>\_S5</c> of the definitions says, in bits 2 to 4, with bit 5. Null: there is
    /// none.</summary>
    public ushort? SleepPort { get; init; }
}
