import { describe, expect, it } from 'vitest';
import { gridFor, roomIn } from './room.ts';

const room = (width: number, height: number, isLocked = false): ReturnType<typeof roomIn> =>
  roomIn({ width, height, isLocked });

describe('the room of a card', () => {
  it('is for words alone when it is narrow', () => {
    expect(room(200, 900)).toEqual({ isCompact: true, hasChart: false, hasFacts: false });
  });

  it('is for the chart before the facts, and for the facts where no chart fits', () => {
    expect(room(400, 400)).toEqual({ isCompact: false, hasChart: true, hasFacts: true });
    expect(room(400, 220)).toEqual({ isCompact: false, hasChart: true, hasFacts: false });
    expect(room(400, 150)).toEqual({ isCompact: false, hasChart: false, hasFacts: true });
  });

  it('is smaller by the banner of a lock', () => {
    expect(room(400, 220, true).hasChart).toBe(false);
  });
});

describe('the grid of cards', () => {
  it('gives a single account the whole panel', () => {
    expect(gridFor(1, { width: 1600, height: 300 })).toEqual({
      columns: 1,
      cardWidth: 1600,
      cardHeight: 300,
      least: undefined,
    });
  });

  it('has as many columns as fit, and no more than accounts', () => {
    expect(gridFor(20, { width: 1600, height: 300 })).toMatchObject({ columns: 3, cardHeight: 290 });
    expect(gridFor(2, { width: 1600, height: 300 })).toEqual({
      columns: 2,
      cardWidth: 792,
      cardHeight: 300,
      least: 290,
    });
    expect(gridFor(2, { width: 200, height: 150 })).toMatchObject({
      columns: 1,
      cardWidth: 200,
      least: undefined,
    });
  });

  it('survives having no account', () => {
    expect(gridFor(0, { width: 900, height: 300 }).columns).toBe(1);
  });
});
