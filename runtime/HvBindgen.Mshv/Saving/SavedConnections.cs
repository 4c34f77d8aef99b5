namespace HvBindgen.Mshv.Saving;

/// <summary>An event that triggered an interrupt of the saved machine.</summary>
/// <param name="Gsi">Global interrupt number.</param>
/// <param name="IsResampled">Whether another event told of the end of the interrupt.</param>
public readonly record struct SavedLine(uint Gsi, bool IsResampled);

/// <summary>A doorbell of the saved machine.</summary>
/// <param name="Gpa">Guest-physical address.</param>
/// <param name="SizeBytes">Size of the write; 0 for any.</param>
/// <param name="Value">Value of the write; null for any.</param>
public readonly record struct SavedDoorbell(ulong Gpa, int SizeBytes, ulong? Value);

/// <summary>What the saved machine was connected to. Events belong to a process and are in no file: who restores a machine attaches its own
/// to the same places.</summary>
/// <param name="Lines">Events that triggered interrupts.</param>
/// <param name="Doorbells">Doorbells.</param>
public sealed record SavedConnections(IReadOnlyList<SavedLine> Lines, IReadOnlyList<SavedDoorbell> Doorbells);
