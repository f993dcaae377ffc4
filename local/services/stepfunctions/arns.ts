import type { Cloud } from '../../service.ts';

type Place = Pick<Cloud, 'region' | 'accountId'>;

const states = ({ region, accountId }: Place) => `arn:aws:states:${region}:${accountId}`;

export const machineArn = (place: Place, name: string) => `${states(place)}:stateMachine:${name}`;

export const executionArn = (place: Place, machineName: string, name: string) =>
  `${states(place)}:execution:${machineName}:${name}`;

/** Express executions of one name differ by the id at the end. */
export const expressArn = (place: Place, machineName: string, name: string, id: string) =>
  `${states(place)}:express:${machineName}:${name}:${id}`;

export const mapRunArn = (place: Place, machineName: string, label: string, id: string) =>
  `${states(place)}:mapRun:${machineName}/${label}:${id}`;

export const activityArn = (place: Place, name: string) => `${states(place)}:activity:${name}`;
